package io.jofka.node.rest.data.produce;

import io.helidon.http.Status;
import io.helidon.webserver.http.ServerRequest;
import io.jofka.api.fault.Fault;
import io.jofka.node.broker.ProduceOutcome;
import io.jofka.node.broker.ProduceOutcome.Appended;
import io.jofka.node.broker.ProduceOutcome.RecordError;
import io.jofka.node.broker.ProduceOutcome.Refused;
import io.jofka.node.broker.ProduceOutcome.Unknown;
import io.jofka.node.broker.ProduceService.Acks;
import io.jofka.node.rest.Problem;
import io.jofka.node.rest.Refusal;
import io.jofka.node.rest.data.exchange.Answers;
import io.jofka.node.rest.data.json.JsonOut;
import java.util.ArrayList;
import java.util.List;

/** Tells what became of each record, in the order of the request. Thread-safe. */
final class ProduceAnswer {
    private static final int RESULT_BYTES = 64;

    private final Answers answers;

    ProduceAnswer(Answers answers) {
        this.answers = answers;
    }

    /** 200, 202 for {@code acks=0}, 207 where some partitions failed; the problem itself where all did. */
    void send(ProduceCall call, Collected records, List<ProduceOutcome> outcomes) {
        int failed = failed(records, outcomes);
        if (failed == records.size()) {
            throw new Refusal(wholeProblem(records, outcomes));
        }
        JsonOut out = new JsonOut(RESULT_BYTES * Math.min(records.size(), 1_000) + RESULT_BYTES);
        Status status = Status.OK_200;
        if (call.options().acks() == Acks.NONE) {
            accepted(out, records);
            status = Status.ACCEPTED_202;
        } else {
            results(out, call.request(), records, outcomes, failed);
            status = failed > 0 ? Status.MULTI_STATUS_207 : status;
        }
        answers.json(call.response(), status, out);
    }

    private static int failed(Collected records, List<ProduceOutcome> outcomes) {
        int failed = 0;
        for (int i = 0; i < outcomes.size(); i++) {
            if (!(outcomes.get(i) instanceof Appended)) {
                failed += records.batches().get(i).count();
            }
        }
        return failed;
    }

    private static void accepted(JsonOut out, Collected records) {
        out.ascii("{\"results\":[");
        for (int slot = 0; slot < records.size(); slot++) {
            out.ascii(slot == 0 ? "{\"partition\":" : ",{\"partition\":")
                    .number(records.batches().get(records.batchOf(slot)).partition())
                    .raw('}');
        }
        out.ascii("],\"failed\":0}");
    }

    private void results(
            JsonOut out, ServerRequest request, Collected records, List<ProduceOutcome> outcomes, int failed) {
        boolean duplicate = false;
        out.ascii("{\"results\":[");
        for (int slot = 0; slot < records.size(); slot++) {
            if (slot > 0) {
                out.raw(',');
            }
            int batch = records.batchOf(slot);
            int partition = records.batches().get(batch).partition();
            ProduceOutcome outcome = outcomes.get(batch);
            if (outcome instanceof Appended appended) {
                duplicate |= appended.duplicate();
                out.raw('{');
                storedMembers(out, partition, appended, records.indexOf(slot), records.timeOf(slot));
                out.raw('}');
            } else {
                out.ascii("{\"partition\":").number(partition).ascii(",\"problem\":");
                answers.slot(request, out, slotProblem(outcome, records.indexOf(slot)));
                out.raw('}');
            }
        }
        out.ascii("],\"failed\":").number(failed);
        out.ascii(duplicate ? ",\"duplicate\":true}" : "}");
    }

    /** The members that tell where a record was stored. */
    static void storedMembers(JsonOut out, int partition, Appended appended, int index, long timeMs) {
        out.ascii("\"partition\":").number(partition);
        out.ascii(",\"offset\":").number(appended.baseOffset() + index);
        out.ascii(",\"timestampMs\":").number(appended.logAppendTimeMs() >= 0 ? appended.logAppendTimeMs() : timeMs);
    }

    /**
     * The problem of one record in a partition that failed; {@code index} is its place in the partition. An outcome that
     * is not known says so whatever made it so: every other problem promises that nothing was stored.
     */
    static Problem slotProblem(ProduceOutcome outcome, int index) {
        return switch (outcome) {
            case Appended appended -> throw new IllegalStateException("stored at " + appended.baseOffset());
            case Unknown unknown -> unknown(unknown);
            case Refused refused -> {
                for (RecordError error : refused.recordErrors()) {
                    if (error.batchIndex() == index) {
                        yield Problem.of(refused.fault(), error.detail());
                    }
                }
                yield Problem.of(refused.fault(), refused.detail());
            }
        };
    }

    static Problem unknown(Unknown unknown) {
        return Problem.of(Fault.OUTCOME_UNKNOWN, unknown.detail());
    }

    /** One that is not known makes the whole unknown: another problem would promise that nothing was stored. */
    private static Problem wholeProblem(Collected records, List<ProduceOutcome> outcomes) {
        ProduceOutcome worst =
                outcomes.stream().filter(Unknown.class::isInstance).findFirst().orElse(outcomes.getFirst());
        Problem problem = slotProblem(worst, -1);
        List<Problem.Pointer> pointers = new ArrayList<>();
        for (int slot = 0; slot < records.size(); slot++) {
            if (outcomes.get(records.batchOf(slot)) instanceof Refused refused) {
                for (RecordError error : refused.recordErrors()) {
                    if (error.batchIndex() == records.indexOf(slot)) {
                        pointers.add(new Problem.Pointer(
                                "/records/" + slot, refused.fault().name(), error.detail()));
                    }
                }
            }
        }
        return pointers.isEmpty() ? problem : problem.errors(pointers);
    }
}
