package io.jofka.node.kafka;

import io.jofka.api.fault.Fault;
import io.jofka.node.broker.FetchService;
import io.jofka.node.broker.OffsetService;
import io.jofka.node.broker.PartitionOffsets;
import io.jofka.node.broker.ProduceOutcome;
import io.jofka.node.broker.ProduceService;
import io.jofka.node.common.TopicPartition;
import io.jofka.node.storage.Log.EpochEnd;
import io.jofka.node.storage.Log.TimestampedOffset;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.atomic.AtomicInteger;

/** Partitions as plain files of batches: what the Kafka edge needs to see below it. */
final class FakeLog implements ProduceService, FetchService, OffsetService, AutoCloseable {
    private final Path directory;
    private final Map<TopicPartition, Partition> partitions = new ConcurrentHashMap<>();
    private final Object grown = new Object();

    /** Slices that were handed out and not closed. */
    final AtomicInteger openSlices = new AtomicInteger();

    /** Fetches that wait at this moment. */
    final AtomicInteger waitingFetches = new AtomicInteger();

    /** While set, produces are answered only when the test completes them, in any order it likes. */
    volatile boolean holdProduces;

    /** While set, fetches throw. */
    volatile boolean broken;

    final ConcurrentLinkedQueue<Runnable> held = new ConcurrentLinkedQueue<>();

    private static final class Partition {
        final FileChannel file;
        final TreeMap<Long, long[]> batches = new TreeMap<>();
        long end;

        Partition(Path path) {
            try {
                file = FileChannel.open(
                        path, StandardOpenOption.CREATE, StandardOpenOption.READ, StandardOpenOption.WRITE);
            } catch (IOException e) {
                throw new UncheckedIOException(e);
            }
        }
    }

    FakeLog(Path directory) {
        this.directory = directory;
    }

    private Partition of(TopicPartition partition) {
        return partitions.computeIfAbsent(partition, p -> new Partition(directory.resolve(p + ".log")));
    }

    @Override
    public CompletableFuture<ProduceOutcome> produce(
            TopicPartition partition, ByteBuffer batches, ProduceOptions options) {
        if (batches.remaining() < 61) {
            return CompletableFuture.completedFuture(
                    new ProduceOutcome.Refused(Fault.CORRUPT_BATCH, "shorter than a batch header"));
        }
        Partition log = of(partition);
        long base;
        try {
            synchronized (log) {
                base = log.end;
                int records = batches.getInt(batches.position() + 57);
                batches.putLong(batches.position(), base);
                long position = log.file.size();
                int size = batches.remaining();
                log.file.write(batches.duplicate(), position);
                log.end = base + records;
                log.batches.put(base, new long[] {position, size, log.end});
            }
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        synchronized (grown) {
            grown.notifyAll();
        }
        ProduceOutcome outcome = new ProduceOutcome.Appended(base, log.end - 1, -1, 0, false);
        if (!holdProduces) {
            return CompletableFuture.completedFuture(outcome);
        }
        CompletableFuture<ProduceOutcome> later = new CompletableFuture<>();
        held.add(() -> later.complete(outcome));
        return later;
    }

    @Override
    public List<FetchOutcome> fetch(FetchRequest request) {
        if (broken) {
            throw new IllegalStateException("fetch is broken by the test");
        }
        long deadline = System.nanoTime() + request.maxWaitMs() * 1_000_000L;
        waitingFetches.incrementAndGet();
        try {
            synchronized (grown) {
                long left = request.maxWaitMs();
                while (left > 0 && available(request) < Math.max(1, request.minBytes())) {
                    grown.wait(left);
                    left = (deadline - System.nanoTime()) / 1_000_000;
                }
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        } finally {
            waitingFetches.decrementAndGet();
        }
        List<FetchOutcome> outcomes = new ArrayList<>();
        request.positions().forEach(position -> outcomes.add(read(position)));
        return outcomes;
    }

    private long available(FetchRequest request) {
        return request.positions().stream().mapToLong(this::bytes).sum();
    }

    private long bytes(FetchPosition position) {
        Partition log = of(position.partition());
        synchronized (log) {
            return log.batches.tailMap(position.offset()).values().stream()
                    .mapToLong(b -> b[1])
                    .sum();
        }
    }

    private FetchOutcome read(FetchPosition position) {
        Partition log = of(position.partition());
        synchronized (log) {
            if (position.offset() > log.end || position.offset() < 0) {
                return new FetchOutcome.Refused(Fault.OFFSET_OUT_OF_RANGE, "no such offset", offsets(log));
            }
            Map.Entry<Long, long[]> found = log.batches.floorEntry(position.offset());
            if (found == null || found.getValue()[2] <= position.offset()) {
                return data(log, 0, 0, position.offset(), position.offset());
            }
            long first = found.getKey();
            long start = found.getValue()[0];
            long size = 0;
            long next = first;
            for (long[] batch : log.batches.tailMap(first).values()) {
                if (size > 0 && size + batch[1] > position.maxBytes()) {
                    break;
                }
                size += batch[1];
                next = batch[2];
            }
            return data(log, start, (int) size, first, next);
        }
    }

    private FetchOutcome data(Partition log, long position, int size, long base, long next) {
        return new FetchOutcome.Data(
                new FakeSlice(log.file, position, size, base, next, openSlices), offsets(log), List.of());
    }

    private static PartitionOffsets offsets(Partition log) {
        return new PartitionOffsets(0, log.end, log.end, log.end, 0);
    }

    @Override
    public Result<PartitionOffsets> offsets(TopicPartition partition, int currentLeaderEpoch) {
        return new Result.Ok<>(offsets(of(partition)));
    }

    @Override
    public Result<TimestampedOffset> find(
            TopicPartition partition, Query query, Isolation isolation, int currentLeaderEpoch) {
        return new Result.Ok<>(
                switch (query) {
                    case Query.Earliest earliest -> new TimestampedOffset(0, 17, 3);
                    case Query.Latest latest -> new TimestampedOffset(of(partition).end, 18, 3);
                    case Query.MaxTimestamp max -> new TimestampedOffset(0, 19, 3);
                    case Query.AtTime at -> new TimestampedOffset(at.timestampMs() > 1000 ? -1 : 0, 20, 3);
                });
    }

    @Override
    public Result<EpochEnd> endOffsetFor(TopicPartition partition, int leaderEpoch, int currentLeaderEpoch) {
        return new Result.Ok<>(new EpochEnd(leaderEpoch, of(partition).end));
    }

    @Override
    public CompletableFuture<Result<Long>> deleteRecords(TopicPartition partition, long beforeOffset) {
        return CompletableFuture.completedFuture(
                beforeOffset > of(partition).end
                        ? new Result.Refused<>(Fault.OFFSET_OUT_OF_RANGE, "beyond the end")
                        : new Result.Ok<>(Math.max(0, beforeOffset)));
    }

    @Override
    public void close() throws IOException {
        for (Partition partition : partitions.values()) {
            partition.file.close();
        }
        try (var files = Files.list(directory)) {
            for (Path file : files.toList()) {
                Files.delete(file);
            }
        }
    }
}
