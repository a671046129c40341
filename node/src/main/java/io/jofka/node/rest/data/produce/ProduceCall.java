package io.jofka.node.rest.data.produce;

import io.helidon.webserver.http.ServerRequest;
import io.helidon.webserver.http.ServerResponse;
import io.jofka.api.fault.Fault;
import io.jofka.node.broker.ProduceService.Acks;
import io.jofka.node.broker.ProduceService.ProduceOptions;
import io.jofka.node.rest.Parameters;
import io.jofka.node.rest.Refusal;
import org.jspecify.annotations.Nullable;

/**
 * One produce request, its parameters read and checked.
 *
 * @param partition the partition of the address, or -1 for the whole topic
 * @param producer the producer headers, null without
 */
public record ProduceCall(
        ServerRequest request,
        ServerResponse response,
        TopicTarget target,
        int partition,
        ProduceOptions options,
        @Nullable Producer producer) {
    private static final int DEFAULT_TIMEOUT_MS = 30_000;
    private static final int MAX_TIMEOUT_MS = 60_000;
    private static final ProduceOptions ALL = new ProduceOptions(Acks.ALL, DEFAULT_TIMEOUT_MS, true);

    /** {@code trusted}: the batches are built here from what the request says. */
    static ProduceCall of(
            ServerRequest request,
            ServerResponse response,
            TopicTarget target,
            int partition,
            Parameters params,
            boolean trusted) {
        if (partition >= 0) {
            target.requirePartition(partition);
        }
        Acks acks = switch (params.choice("acks", "all", "all", "1", "0")) {
            case "0" -> Acks.NONE;
            case "1" -> Acks.LEADER;
            default -> Acks.ALL;
        };
        int timeoutMs = params.whole("timeoutMs", 1, MAX_TIMEOUT_MS, DEFAULT_TIMEOUT_MS);
        Producer producer = Producer.of(request.headers());
        if (producer != null && partition < 0) {
            throw new Refusal(
                    Fault.INVALID_PARAMETER,
                    "The Producer headers belong to one partition: post to /partitions/{partition}/records, or use"
                            + " Idempotency-Key here.");
        }
        if (producer != null && acks == Acks.NONE) {
            throw Refusal.at(
                    Fault.INVALID_PARAMETER,
                    "?acks",
                    "A producer with sequences waits for its answer; acks is all or 1.");
        }
        ProduceOptions options = trusted && acks == Acks.ALL && timeoutMs == DEFAULT_TIMEOUT_MS
                ? ALL
                : new ProduceOptions(acks, timeoutMs, trusted);
        return new ProduceCall(request, response, target, partition, options, producer);
    }
}
