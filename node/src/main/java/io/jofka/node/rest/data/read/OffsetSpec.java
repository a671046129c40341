package io.jofka.node.rest.data.read;

import io.jofka.api.fault.Fault;
import io.jofka.node.broker.FetchService.Isolation;
import io.jofka.node.broker.OffsetService;
import io.jofka.node.broker.OffsetService.Query;
import io.jofka.node.broker.OffsetService.Result;
import io.jofka.node.broker.PartitionOffsets;
import io.jofka.node.common.TopicPartition;
import io.jofka.node.rest.Parameters;
import io.jofka.node.rest.Refusal;
import io.jofka.node.rest.data.exchange.Numbers;
import io.jofka.node.storage.Log.TimestampedOffset;
import java.time.DateTimeException;
import java.time.Instant;
import java.util.OptionalLong;

/** Where a caller wants to begin. */
sealed interface OffsetSpec {
    record At(long offset) implements OffsetSpec {}

    /** {@code count} records before the end; 0 is the end itself. */
    record FromEnd(long count) implements OffsetSpec {}

    record Earliest() implements OffsetSpec {}

    record AtTime(long timestampMs) implements OffsetSpec {}

    /** {@code offset=N|earliest|latest|-K} or {@code at=<time>}; earliest when neither is there. */
    static OffsetSpec of(Parameters params) {
        if (params.has("at")) {
            if (params.has("offset")) {
                throw Refusal.at(Fault.INVALID_PARAMETER, "?at", "Only one of offset and at may be given.");
            }
            return new AtTime(time("at", params.text("at").orElseThrow()));
        }
        String text = params.text("offset").orElse("earliest");
        return switch (text) {
            case "earliest" -> new Earliest();
            case "latest" -> new FromEnd(0);
            default -> {
                OptionalLong number = Numbers.whole(text);
                if (number.isEmpty() || number.getAsLong() == Long.MIN_VALUE) {
                    throw Refusal.at(
                            Fault.INVALID_PARAMETER,
                            "?offset",
                            "Value must be an offset, -K for the last K records, earliest or latest.");
                }
                long offset = number.getAsLong();
                yield offset < 0 ? new FromEnd(-offset) : new At(offset);
            }
        };
    }

    /** {@code from=earliest|latest|<time>}; absent means {@code absent}. */
    static OffsetSpec from(Parameters params, OffsetSpec absent) {
        return params.text("from")
                .<OffsetSpec>map(text -> switch (text) {
                    case "earliest" -> new Earliest();
                    case "latest" -> new FromEnd(0);
                    default -> new AtTime(time("from", text));
                })
                .orElse(absent);
    }

    /** RFC 3339 text, or milliseconds since 1970. */
    static long time(String parameter, String text) {
        OptionalLong number = Numbers.whole(text);
        if (number.isPresent() && number.getAsLong() >= 0) {
            return number.getAsLong();
        }
        try {
            return Instant.parse(text).toEpochMilli();
        } catch (DateTimeException | ArithmeticException notTime) {
            throw Refusal.at(
                    Fault.INVALID_PARAMETER,
                    "?" + parameter,
                    "Value must be a time in RFC 3339 (2026-01-01T00:00:00Z) or milliseconds since 1970.");
        }
    }

    /** The offset that this means in a partition now; refuses as the partition does. */
    default long resolve(OffsetService offsets, TopicPartition partition, Isolation isolation) {
        return switch (this) {
            case At at -> at.offset();
            case Earliest earliest -> now(offsets, partition).logStartOffset();
            case FromEnd back -> {
                PartitionOffsets now = now(offsets, partition);
                yield Math.max(now.logStartOffset(), Position.end(now, isolation) - back.count());
            }
            case AtTime at ->
                switch (offsets.find(partition, new Query.AtTime(at.timestampMs()), isolation, -1)) {
                    case Result.Ok<TimestampedOffset>(TimestampedOffset found) ->
                        found.offset() >= 0 ? found.offset() : Position.end(now(offsets, partition), isolation);
                    case Result.Refused<TimestampedOffset>(Fault fault, String detail) ->
                        throw new Refusal(fault, detail);
                };
        };
    }

    private static PartitionOffsets now(OffsetService offsets, TopicPartition partition) {
        return switch (offsets.offsets(partition, -1)) {
            case Result.Ok<PartitionOffsets>(PartitionOffsets value) -> value;
            case Result.Refused<PartitionOffsets>(Fault fault, String detail) -> throw new Refusal(fault, detail);
        };
    }
}
