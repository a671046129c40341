package io.jofka.node.rest.data.produce;

import io.helidon.http.Status;
import io.jofka.api.fault.Fault;
import io.jofka.node.broker.ProduceOutcome;
import io.jofka.node.broker.ProduceService.Acks;
import io.jofka.node.rest.Problem;
import io.jofka.node.rest.Refusal;
import io.jofka.node.rest.data.exchange.Answers;
import io.jofka.node.rest.data.exchange.Body;
import io.jofka.node.rest.data.exchange.DataLimits;
import io.jofka.node.rest.data.exchange.Gate;
import io.jofka.node.rest.data.json.JsonOut;
import java.nio.ByteBuffer;
import java.util.List;
import java.util.concurrent.CompletableFuture;

/**
 * {@code POST .../partitions/{p}/batches}: record batches as on Kafka's wire, given to the log as they are; the log
 * checks CRC and bounds and assigns offsets. Thread-safe.
 */
final class BatchProduce {
    private final DataLimits limits;
    private final Gate bodies;
    private final Appends appends;
    private final Answers answers;

    BatchProduce(DataLimits limits, Gate bodies, Appends appends, Answers answers) {
        this.limits = limits;
        this.bodies = bodies;
        this.appends = appends;
        this.answers = answers;
    }

    void serve(ProduceCall call) {
        if (call.producer() != null) {
            throw new Refusal(
                    Fault.INVALID_PARAMETER,
                    "Record batches carry producer id, epoch and sequence in their own header.");
        }
        ProduceOutcome outcome;
        try (Body body = Body.read(call.request(), limits.maxBodyBytes(), bodies)) {
            if (body.length() == 0) {
                throw new Refusal(Fault.CORRUPT_BATCH, "The body is empty; it must be one or more record batches.");
            }
            ByteBuffer batches = ByteBuffer.wrap(body.array(), 0, body.length());
            CompletableFuture<ProduceOutcome> started =
                    appends.start(call.target(), call.partition(), batches, call.options());
            outcome = Appends.await(started, call.options());
        }
        switch (outcome) {
            case ProduceOutcome.Appended appended -> send(call, appended);
            case ProduceOutcome.Unknown unknown -> throw new Refusal(ProduceAnswer.unknown(unknown));
            case ProduceOutcome.Refused refused -> {
                List<Problem.Pointer> pointers = refused.recordErrors().stream()
                        .map(e -> new Problem.Pointer(
                                "/records/" + e.batchIndex(), refused.fault().name(), e.detail()))
                        .toList();
                throw new Refusal(Problem.of(refused.fault(), refused.detail()).errors(pointers));
            }
        }
    }

    private void send(ProduceCall call, ProduceOutcome.Appended appended) {
        JsonOut out = new JsonOut(160);
        out.ascii("{\"partition\":").number(call.partition());
        if (call.options().acks() == Acks.NONE) {
            answers.json(call.response(), Status.ACCEPTED_202, out.raw('}'));
            return;
        }
        out.ascii(",\"baseOffset\":").number(appended.baseOffset());
        out.ascii(",\"lastOffset\":").number(appended.lastOffset());
        out.ascii(",\"logStartOffset\":").number(appended.logStartOffset());
        if (appended.logAppendTimeMs() >= 0) {
            out.ascii(",\"logAppendTimeMs\":").number(appended.logAppendTimeMs());
        }
        out.ascii(appended.duplicate() ? ",\"duplicate\":true}" : ",\"duplicate\":false}");
        answers.json(call.response(), Status.OK_200, out);
    }
}
