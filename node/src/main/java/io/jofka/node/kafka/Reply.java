package io.jofka.node.kafka;

import java.util.List;
import java.util.concurrent.CompletableFuture;
import org.apache.kafka.common.protocol.ApiMessage;

/** What a handler answers. */
public sealed interface Reply {
    /** The response is ready. */
    record Now(ApiMessage body) implements Reply {}

    /** The response is ready and refers to open slices, which are closed once it is sent or cannot be sent. */
    record WithSlices(ApiMessage body, List<SliceRecords> slices) implements Reply {}

    /** The response comes later; requests behind it are served meanwhile, responses keep the order of the requests. */
    record Later(CompletableFuture<Reply> reply) implements Reply {}

    /** Nothing is sent (produce with acks=0). */
    record None() implements Reply {}

    Reply NONE = new None();
}
