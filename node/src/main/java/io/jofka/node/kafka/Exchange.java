package io.jofka.node.kafka;

import io.jofka.node.common.Invariant;
import org.jspecify.annotations.Nullable;

/**
 * One request on its way to an answer: what encodes the answer, and the request's memory until it is done with. Owned by
 * whoever holds the answer: the reader, then perhaps the writer.
 */
final class Exchange {
    private final Frame frame;
    private final ListenerMetrics metrics;
    private final ListenerMetrics.ApiMeter meter;
    private final short version;
    private final short headerVersion;
    private final int correlationId;
    private final long sinceNanos;

    Exchange(
            Frame frame,
            ListenerMetrics metrics,
            ListenerMetrics.ApiMeter meter,
            short version,
            short headerVersion,
            int correlationId,
            long sinceNanos) {
        this.frame = frame;
        this.metrics = metrics;
        this.meter = meter;
        this.version = version;
        this.headerVersion = headerVersion;
        this.correlationId = correlationId;
        this.sinceNanos = sinceNanos;
    }

    /** Null when nothing is to be sent. */
    OutBuffer.@Nullable Sized size(Reply reply) {
        return switch (reply) {
            case Reply.Now(var body) -> OutBuffer.Sized.of(body, version, correlationId, headerVersion);
            case Reply.WithSlices(var body, var slices) ->
                OutBuffer.Sized.of(body, version, correlationId, headerVersion);
            case Reply.None none -> null;
            case Reply.Later later -> throw new IllegalStateException("a later reply must complete with a ready one");
        };
    }

    /** The answer is encoded. */
    void finish() {
        meter.answered(metrics.nanos() - sinceNanos);
        frame.release();
    }

    /** The answer will not be sent. */
    void abandon(@Nullable Reply reply) {
        if (reply instanceof Reply.WithSlices(var body, var slices)) {
            slices.forEach(SliceRecords::close);
        }
        Invariant.check(!(reply instanceof Reply.Later), "a later reply is abandoned through its future");
        frame.release();
    }
}
