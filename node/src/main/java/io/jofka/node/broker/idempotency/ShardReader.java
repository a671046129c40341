package io.jofka.node.broker.idempotency;

import io.jofka.api.batch.BadBatch;
import io.jofka.api.batch.BatchReader;
import io.jofka.api.batch.BatchSequence;
import io.jofka.api.batch.InflationLimits;
import io.jofka.api.batch.LogRecord;
import io.jofka.node.broker.FetchService;
import io.jofka.node.broker.FetchService.FetchOutcome;
import io.jofka.node.broker.FetchService.FetchPosition;
import io.jofka.node.broker.FetchService.FetchRequest;
import io.jofka.node.broker.FetchService.Isolation;
import io.jofka.node.common.TopicPartition;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.List;

/** Reads a shard of the topic into a machine. Thread-safe; blocks. */
final class ShardReader {
    private static final int PAGE_BYTES = 1 << 20;

    private final FetchService log;

    ShardReader(FetchService log) {
        this.log = log;
    }

    /** How far a shard was read. */
    sealed interface Read {
        /** To the high watermark, which is {@code next}. */
        record All(long next) implements Read {}

        record Failed(String detail) implements Read {}
    }

    /** Replays what is committed from the offset on. */
    Read read(TopicPartition partition, long from, IdempotencyMachine into) {
        long offset = from;
        while (true) {
            FetchPosition position = new FetchPosition(partition, offset, PAGE_BYTES);
            FetchRequest request = new FetchRequest(List.of(position), 0, PAGE_BYTES, 0, Isolation.READ_UNCOMMITTED);
            switch (log.fetch(request).getFirst()) {
                case FetchOutcome.Data data -> {
                    try (var slice = data.slice()) {
                        if (slice.isEmpty()) {
                            return data.offsets().highWatermark() > offset
                                    ? new Read.Failed("the topic ends early")
                                    : new Read.All(offset);
                        }
                        replay(slice.toBuffer(), into);
                        offset = slice.nextOffset();
                    } catch (BadBatch damaged) {
                        return new Read.Failed("the topic is damaged at offset " + offset);
                    }
                }
                case FetchOutcome.Refused refused -> {
                    if (refused.offsets().logStartOffset() <= offset) {
                        return new Read.Failed(refused.detail());
                    }
                    offset = refused.offsets().logStartOffset();
                }
                case FetchOutcome.Diverged diverged -> {
                    return new Read.Failed("the topic's log has diverged");
                }
            }
        }
    }

    private static void replay(ByteBuffer batches, IdempotencyMachine into) {
        for (BatchReader batch : BatchSequence.of(batches, InflationLimits.defaults())) {
            if (batch.header().isControl()) {
                continue;
            }
            for (LogRecord record : batch) {
                ByteBuffer key = record.key();
                ByteBuffer value = record.value();
                if (key != null && value != null) {
                    String text = StandardCharsets.UTF_8.decode(key.duplicate()).toString();
                    Entry.decode(value).ifPresent(entry -> into.replay(text, entry));
                }
            }
        }
    }
}
