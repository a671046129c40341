package io.jofka.node.rest.data.read;

import io.jofka.api.batch.InflationLimits;
import io.jofka.node.broker.FetchService;
import io.jofka.node.broker.FetchService.FetchOutcome;
import io.jofka.node.broker.FetchService.FetchPosition;
import io.jofka.node.broker.FetchService.FetchRequest;
import io.jofka.node.common.Clock;
import io.jofka.node.rest.data.exchange.DataLimits;
import io.jofka.node.rest.data.exchange.DataMetrics;
import io.jofka.node.rest.data.exchange.Gate;
import io.jofka.node.storage.LogSlice;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;

/** Reads pages of records from one or many partitions, waiting where asked to. Thread-safe; blocks. */
final class PageReader {
    /** With many partitions each one may give at least this much, so that a page is not spent on waste. */
    private static final int MIN_SHARE_BYTES = 64 << 10;

    private final FetchService log;
    private final Gate budget;
    private final Clock clock;
    private final InflationLimits inflation;
    private final DataMetrics metrics;

    PageReader(FetchService log, Gate budget, Clock clock, DataLimits limits, DataMetrics metrics) {
        this.log = log;
        this.budget = budget;
        this.clock = clock;
        this.metrics = metrics;
        this.inflation = new InflationLimits(
                Math.max(limits.maxReadBytes(), 64 << 20),
                InflationLimits.defaults().maxRatio());
    }

    /** What a page came to. {@code bytes} are those of the batches read. */
    record Page(int records, int scanned, long bytes) {}

    /**
     * Moves the positions, which are asked in the order given; a refused one is marked and left out. Ends when the wish
     * is met, when everything visible was given, or when the wait is over with nothing found.
     */
    Page read(List<Position> positions, Wish wish, RecordSink sink) {
        BatchWalk walk = new BatchWalk(wish, inflation, sink);
        long deadline = clock.nanos() + TimeUnit.MILLISECONDS.toNanos(wish.waitMs());
        long bytes = 0;
        positions.forEach(position -> position.refused(null));
        while (true) {
            List<Position> open = positions.size() == 1 && positions.getFirst().refused() == null
                    ? positions
                    : positions.stream().filter(p -> p.refused() == null).toList();
            if (open.isEmpty()) {
                break;
            }
            int waitMs = walk.records() > 0 ? 0 : leftMs(deadline);
            long got = fetch(open, wish, walk, (int) Math.max(1, wish.maxBytes() - bytes), waitMs);
            bytes += got;
            boolean done = walk.isFull()
                    || bytes >= wish.maxBytes()
                    || Thread.currentThread().isInterrupted();
            // who asked goes on behind what was deleted, and need not wait for the other partitions
            boolean gap = walk.records() == 0 && positions.stream().anyMatch(Position::isBeforeStart);
            boolean atEnd = got == 0 || isAtEnd(open, wish);
            if (done || gap || (atEnd && (walk.records() > 0 || leftMs(deadline) == 0))) {
                break;
            }
        }
        metrics.read(walk.records(), bytes);
        return new Page(walk.records(), walk.scanned(), bytes);
    }

    private static boolean isAtEnd(List<Position> open, Wish wish) {
        for (Position position : open) {
            if (!position.isAtEnd(wish.isolation())) {
                return false;
            }
        }
        return true;
    }

    private int leftMs(long deadline) {
        return (int) Math.max(0, TimeUnit.NANOSECONDS.toMillis(deadline - clock.nanos()));
    }

    private long fetch(List<Position> open, Wish wish, BatchWalk walk, int maxBytes, int waitMs) {
        int share = open.size() == 1 ? maxBytes : Math.max(MIN_SHARE_BYTES, maxBytes / open.size());
        List<FetchPosition> asked = new ArrayList<>(open.size());
        for (Position position : open) {
            asked.add(new FetchPosition(position.partition(), position.next(), Math.min(share, maxBytes)));
        }
        List<FetchOutcome> outcomes =
                log.fetch(new FetchRequest(asked, waitMs > 0 ? 1 : 0, maxBytes, waitMs, wish.isolation()));
        long bytes = 0;
        try {
            for (int i = 0; i < outcomes.size(); i++) {
                Position position = open.get(i);
                switch (outcomes.get(i)) {
                    case FetchOutcome.Data data -> bytes += take(position, data, walk);
                    case FetchOutcome.Refused refused -> {
                        position.offsets(refused.offsets());
                        position.refused(refused);
                    }
                    case FetchOutcome.Diverged diverged ->
                        throw new IllegalStateException("no epoch was asked for, yet " + diverged);
                }
            }
        } finally {
            for (FetchOutcome outcome : outcomes) {
                if (outcome instanceof FetchOutcome.Data data) {
                    data.slice().close();
                }
            }
        }
        return bytes;
    }

    private long take(Position position, FetchOutcome.Data data, BatchWalk walk) {
        position.offsets(data.offsets());
        LogSlice slice = data.slice();
        if (slice.isEmpty() || walk.isFull()) {
            return 0;
        }
        int size = slice.sizeBytes();
        if (walk.records() > 0 && !budget.hasRoom(size)) {
            return 0;
        }
        budget.enter(size);
        try {
            ByteBuffer bytes = slice.toBuffer();
            walk.walk(position, bytes, data.aborted(), slice.nextOffset());
        } finally {
            budget.leave(size);
        }
        return size;
    }
}
