package io.jofka.node.rest.data.produce;

import io.jofka.node.broker.ProduceOutcome;
import io.jofka.node.broker.ProduceOutcome.Appended;
import io.jofka.node.broker.ProduceService.Acks;
import io.jofka.node.rest.Problem;
import io.jofka.node.rest.data.exchange.Answers;
import io.jofka.node.rest.data.json.JsonOut;
import java.util.List;

/** Writes the answer lines of a stream, in large pieces while the sender is busy. One thread. */
final class LineResults {
    private static final int PIECE_BYTES = 64 << 10;
    private static final int FIRST_BYTES = 4 << 10;

    private final ProduceCall call;
    private final Answers answers;
    private final Backlog to;
    private final JsonOut out = new JsonOut(FIRST_BYTES);
    private long stored;
    private long failed;

    LineResults(ProduceCall call, Answers answers, Backlog to) {
        this.call = call;
        this.answers = answers;
        this.to = to;
    }

    /** {@code outcomes} are those of {@link Collected#batches}. */
    void add(LineBatch batch, List<ProduceOutcome> outcomes) {
        Collected records = batch.records();
        for (int i = 0; i < batch.size(); i++) {
            out.ascii("{\"line\":").number(batch.number(i)).raw(',');
            int slot = batch.slot(i);
            if (slot < 0) {
                problemMember(batch.problem(i));
            } else {
                int of = records.batchOf(slot);
                int partition = records.batches().get(of).partition();
                if (outcomes.get(of) instanceof Appended appended) {
                    stored++;
                    stored(partition, appended, records.indexOf(slot), records.timeOf(slot));
                } else {
                    problemMember(ProduceAnswer.slotProblem(outcomes.get(of), records.indexOf(slot)));
                }
            }
            out.ascii("}\n");
            if (out.length() >= PIECE_BYTES) {
                flush();
            }
        }
    }

    private void stored(int partition, Appended appended, int index, long timeMs) {
        if (call.options().acks() == Acks.NONE) {
            out.ascii("\"partition\":").number(partition);
        } else {
            ProduceAnswer.storedMembers(out, partition, appended, index, timeMs);
        }
    }

    private void problemMember(Problem problem) {
        failed++;
        out.ascii("\"problem\":");
        answers.slot(call.request(), out, problem);
    }

    /** Something that is wrong with the stream and not with a line. */
    void problem(Problem problem) {
        out.ascii("{\"problem\":");
        answers.slot(call.request(), out, problem);
        out.ascii("}\n");
        flush();
    }

    void summary(long lines) {
        out.ascii("{\"summary\":{\"lines\":").number(lines);
        out.ascii(",\"stored\":").number(stored);
        out.ascii(",\"failed\":").number(failed).ascii("}}\n");
        flush();
    }

    void flush() {
        to.put(out);
    }
}
