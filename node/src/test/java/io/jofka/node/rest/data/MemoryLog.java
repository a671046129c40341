package io.jofka.node.rest.data;

import io.jofka.api.batch.BatchCheck;
import io.jofka.api.batch.BatchChecks;
import io.jofka.api.batch.BatchFields;
import io.jofka.api.batch.BatchHeader;
import io.jofka.api.fault.Fault;
import io.jofka.node.broker.FetchService;
import io.jofka.node.broker.OffsetService;
import io.jofka.node.broker.PartitionOffsets;
import io.jofka.node.broker.ProduceOutcome;
import io.jofka.node.broker.ProduceService;
import io.jofka.node.common.TopicPartition;
import io.jofka.node.storage.Log.AbortedTransaction;
import io.jofka.node.storage.Log.EpochEnd;
import io.jofka.node.storage.Log.TimestampedOffset;
import io.jofka.node.storage.LogSlice;
import java.nio.ByteBuffer;
import java.nio.channels.WritableByteChannel;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentHashMap;

/**
 * The log of all partitions in memory, with real record batches: offsets, producer sequences, delete-records, waiting
 * fetches. One lock; a partition can be told to fail.
 */
public final class MemoryLog implements ProduceService, FetchService, OffsetService {
    private final Map<TopicPartition, Partition> partitions = new ConcurrentHashMap<>();

    private static final class Partition {
        final List<ByteBuffer> batches = new ArrayList<>();
        final List<AbortedTransaction> aborted = new ArrayList<>();
        final Map<Long, ProduceOutcome.Appended> lastByProducer = new ConcurrentHashMap<>();
        final Map<Long, BatchHeader> lastHeader = new ConcurrentHashMap<>();
        long start;
        long end;
        ProduceOutcome failure = new ProduceOutcome.Refused(Fault.INTERNAL, "");
        boolean fails;
        boolean offline;
        Runnable onAppend = () -> {};
    }

    private Partition of(TopicPartition partition) {
        return partitions.computeIfAbsent(partition, p -> new Partition());
    }

    synchronized void fail(TopicPartition partition, Fault fault, String detail) {
        of(partition).failure = new ProduceOutcome.Refused(fault, detail);
        of(partition).fails = true;
    }

    /** Every append of the partition has this outcome, whatever the log does. */
    synchronized void fail(TopicPartition partition, ProduceOutcome outcome) {
        of(partition).failure = outcome;
        of(partition).fails = true;
    }

    /** Runs after the next appends of this partition. */
    synchronized void onAppend(TopicPartition partition, Runnable action) {
        of(partition).onAppend = action;
    }

    /** Whether fetches of the partition are refused. */
    synchronized void offline(TopicPartition partition, boolean offline) {
        of(partition).offline = offline;
        notifyAll();
    }

    synchronized void heal(TopicPartition partition) {
        of(partition).fails = false;
    }

    synchronized void aborted(TopicPartition partition, AbortedTransaction transaction) {
        of(partition).aborted.add(transaction);
    }

    /** Appends bytes as they are, with the next offset; control batches come this way. */
    synchronized long appendRaw(TopicPartition partition, ByteBuffer batch) {
        Partition log = of(partition);
        ByteBuffer copy =
                ByteBuffer.allocate(batch.remaining()).put(batch.duplicate()).flip();
        BatchFields.setBaseOffset(copy, 0, log.end);
        BatchFields.setLeaderEpoch(copy, 0, 1);
        log.batches.add(copy);
        long base = log.end;
        log.end = BatchHeader.read(copy, 0).nextOffset();
        notifyAll();
        return base;
    }

    @Override
    public synchronized CompletableFuture<ProduceOutcome> produce(
            TopicPartition partition, ByteBuffer batches, ProduceOptions options) {
        return CompletableFuture.completedFuture(append(partition, batches));
    }

    private ProduceOutcome append(TopicPartition partition, ByteBuffer batches) {
        Partition log = of(partition);
        if (log.fails) {
            return log.failure;
        }
        return switch (BatchChecks.structure(batches, 64 << 20)) {
            case BatchCheck.Invalid invalid -> new ProduceOutcome.Refused(invalid.fault(), invalid.detail());
            case BatchCheck.Valid valid -> append(partition, log, batches, valid.headers());
        };
    }

    private ProduceOutcome append(
            TopicPartition partition, Partition log, ByteBuffer batches, List<BatchHeader> headers) {
        BatchHeader first = headers.getFirst();
        BatchHeader last = log.lastHeader.get(first.producerId());
        ProduceOutcome.Appended old = log.lastByProducer.get(first.producerId());
        if (first.hasProducerId()) {
            if (last != null
                    && old != null
                    && last.baseSequence() == first.baseSequence()
                    && last.producerEpoch() == first.producerEpoch()) {
                return new ProduceOutcome.Appended(old.baseOffset(), old.lastOffset(), -1, log.start, true);
            }
            if (last != null && first.producerEpoch() < last.producerEpoch()) {
                return new ProduceOutcome.Refused(Fault.FENCED_PRODUCER, "A newer epoch exists.");
            }
            int expected = last == null || first.producerEpoch() > last.producerEpoch() ? 0 : last.lastSequence() + 1;
            if (first.baseSequence() != expected) {
                return new ProduceOutcome.Refused(Fault.SEQUENCE_GAP, "Expected " + expected + ".");
            }
        }
        long base = log.end;
        int at = batches.position();
        for (BatchHeader header : headers) {
            appendRaw(partition, batches.slice(at, header.sizeBytes()));
            at += header.sizeBytes();
        }
        ProduceOutcome.Appended appended = new ProduceOutcome.Appended(base, log.end - 1, -1, log.start, false);
        log.onAppend.run();
        if (first.hasProducerId()) {
            log.lastHeader.put(first.producerId(), first);
            log.lastByProducer.put(first.producerId(), appended);
        }
        return appended;
    }

    @Override
    public synchronized List<FetchOutcome> fetch(FetchRequest request) {
        long deadline = System.nanoTime() + request.maxWaitMs() * 1_000_000L;
        while (true) {
            List<FetchOutcome> outcomes = new ArrayList<>();
            int bytes = 0;
            boolean refused = false;
            for (FetchPosition position : request.positions()) {
                FetchOutcome outcome = fetchOne(position, request.maxBytes() - bytes);
                if (outcome instanceof FetchOutcome.Data data) {
                    bytes += data.slice().sizeBytes();
                } else {
                    refused = true;
                }
                outcomes.add(outcome);
            }
            long left = (deadline - System.nanoTime()) / 1_000_000;
            if (bytes >= request.minBytes() || refused || left <= 0) {
                return outcomes;
            }
            try {
                wait(left);
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
                return outcomes;
            }
        }
    }

    private FetchOutcome fetchOne(FetchPosition position, int maxBytes) {
        Partition log = of(position.partition());
        PartitionOffsets now = offsetsOf(log);
        if (log.offline) {
            return new FetchOutcome.Refused(Fault.LEADER_NOT_AVAILABLE, "No leader.", PartitionOffsets.UNKNOWN);
        }
        if (position.offset() < log.start || position.offset() > log.end) {
            return new FetchOutcome.Refused(Fault.OFFSET_OUT_OF_RANGE, "Offset is not in the log.", now);
        }
        List<ByteBuffer> found = new ArrayList<>();
        int size = 0;
        long next = position.offset();
        for (ByteBuffer batch : log.batches) {
            BatchHeader header = BatchHeader.read(batch, 0);
            if (header.nextOffset() <= position.offset()) {
                continue;
            }
            int limit = Math.min(maxBytes, position.maxBytes());
            if (!found.isEmpty() && size + batch.remaining() > limit) {
                break;
            }
            found.add(batch);
            size += batch.remaining();
            next = header.nextOffset();
        }
        ByteBuffer all = ByteBuffer.allocate(size);
        found.forEach(batch -> all.put(batch.duplicate()));
        return new FetchOutcome.Data(new HeapSlice(all.flip(), next), now, List.copyOf(log.aborted));
    }

    private static PartitionOffsets offsetsOf(Partition log) {
        return new PartitionOffsets(log.start, log.end, log.end, log.end, 1);
    }

    @Override
    public synchronized Result<PartitionOffsets> offsets(TopicPartition partition, int currentLeaderEpoch) {
        return new Result.Ok<>(offsetsOf(of(partition)));
    }

    @Override
    public synchronized Result<TimestampedOffset> find(
            TopicPartition partition, Query query, Isolation isolation, int currentLeaderEpoch) {
        Partition log = of(partition);
        return new Result.Ok<>(
                switch (query) {
                    case Query.Earliest e -> new TimestampedOffset(log.start, -1, 1);
                    case Query.Latest l -> new TimestampedOffset(log.end, -1, 1);
                    case Query.MaxTimestamp m -> new TimestampedOffset(log.end - 1, 0, 1);
                    case Query.AtTime at -> atTime(log, at.timestampMs());
                });
    }

    private static TimestampedOffset atTime(Partition log, long timestampMs) {
        for (ByteBuffer batch : log.batches) {
            for (var record :
                    io.jofka.api.batch.BatchReader.of(batch, 0, io.jofka.api.batch.InflationLimits.defaults())) {
                if (record.timestampMs() >= timestampMs && record.offset() >= log.start) {
                    return new TimestampedOffset(record.offset(), record.timestampMs(), 1);
                }
            }
        }
        return new TimestampedOffset(-1, -1, -1);
    }

    @Override
    public Result<EpochEnd> endOffsetFor(TopicPartition partition, int leaderEpoch, int currentLeaderEpoch) {
        throw new UnsupportedOperationException("REST does not ask");
    }

    @Override
    public synchronized CompletableFuture<Result<Long>> deleteRecords(TopicPartition partition, long beforeOffset) {
        Partition log = of(partition);
        log.start = Math.max(log.start, beforeOffset < 0 ? log.end : beforeOffset);
        return CompletableFuture.completedFuture(new Result.Ok<>(log.start));
    }

    private record HeapSlice(ByteBuffer bytes, long nextOffset) implements LogSlice {
        @Override
        public int sizeBytes() {
            return bytes.remaining();
        }

        @Override
        public long baseOffset() {
            return isEmpty() ? nextOffset : bytes.getLong(0);
        }

        @Override
        public long transferTo(int from, int count, WritableByteChannel target) {
            try {
                return target.write(bytes.slice(from, count));
            } catch (java.io.IOException e) {
                throw new java.io.UncheckedIOException(e);
            }
        }

        @Override
        public ByteBuffer toBuffer() {
            return bytes.duplicate();
        }

        @Override
        public void close() {
            // nothing is held
        }
    }
}
