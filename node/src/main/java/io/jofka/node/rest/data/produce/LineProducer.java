package io.jofka.node.rest.data.produce;

import io.jofka.api.fault.Fault;
import io.jofka.node.broker.ProduceOutcome;
import io.jofka.node.common.Clock;
import io.jofka.node.rest.Problem;
import io.jofka.node.rest.data.exchange.DataLimits;
import io.jofka.node.rest.data.json.JsonFault;
import io.jofka.node.rest.data.json.JsonScanner;
import io.jofka.node.rest.data.produce.BodyChunks.Chunk;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;
import java.util.concurrent.CompletableFuture;

/**
 * One NDJSON stream: splits it into lines, batches them, keeps a few batches in flight and hands results on in order. A
 * batch is sent when it is full or when the sender pauses. One thread.
 */
final class LineProducer {
    private static final int BATCH_BYTES = 256 << 10;
    private static final int BATCH_LINES = 5_000;
    private static final int IN_FLIGHT = 4;
    /** How long a batch that is not full waits for further lines. */
    private static final int LINGER_MS = 1;
    /** A sender that is silent for so long is gone. */
    private static final int SILENCE_MS = 60_000;

    private final ProduceCall call;
    private final DataLimits limits;
    private final Clock clock;
    private final Placement placement;
    private final Appends appends;
    private final LineResults results;
    private final RecordReader reader;
    private final RecordFields fields = new RecordFields();
    private final Complaints complaints = new Complaints();
    private final Deque<LineBatch> inFlight = new ArrayDeque<>();
    private LineBatch open;
    private long line;

    LineProducer(
            ProduceCall call,
            DataLimits limits,
            Clock clock,
            Placement placement,
            Appends appends,
            LineResults results) {
        this.call = call;
        this.limits = limits;
        this.clock = clock;
        this.placement = placement;
        this.appends = appends;
        this.results = results;
        this.reader = new RecordReader(limits);
        this.open = newBatch();
    }

    private LineBatch newBatch() {
        return new LineBatch(new Collected(call.target(), call.partition(), placement, false, clock.wallMs()));
    }

    void run(BodyChunks chunks) {
        LineSplitter lines = new LineSplitter(limits.maxLineBytes(), this::line, this::tooLong);
        try {
            while (true) {
                boolean idle = open.size() == 0 && inFlight.isEmpty();
                Chunk chunk = chunks.next(idle ? SILENCE_MS : LINGER_MS);
                if (chunk == null) {
                    if (idle) {
                        results.problem(Problem.of(Fault.MALFORMED_REQUEST, "No line came for a minute."));
                        return;
                    }
                    send();
                    settle(0);
                    results.flush();
                    continue;
                }
                if (end(chunk, lines)) {
                    return;
                }
            }
        } catch (InterruptedException stopping) {
            Thread.currentThread().interrupt();
        }
    }

    /** Takes a chunk; true when it was the last. */
    private boolean end(Chunk chunk, LineSplitter lines) {
        switch (chunk) {
            case Chunk.Bytes bytes -> {
                lines.take(bytes.bytes(), bytes.length());
                return false;
            }
            case Chunk.End end -> lines.end();
            case Chunk.Refused refused -> {
                send();
                settle(0);
                results.problem(refused.refusal().problem());
            }
            case Chunk.Lost lost -> {
                send();
                throw lost.cause();
            }
        }
        send();
        settle(0);
        results.summary(line);
        return true;
    }

    private void line(byte[] bytes, int from, int to) {
        line++;
        JsonScanner json = new JsonScanner(bytes, from, to, limits.maxJsonDepth());
        if (json.peek() < 0) {
            return;
        }
        if (open.size() == 0) {
            // its clock is that of its first line
            open = newBatch();
        }
        complaints.clear();
        int size = to - from;
        try {
            reader.read(json, bytes, fields, Place.DOCUMENT, complaints);
            json.expectEnd();
            if (complaints.isEmpty()) {
                open.records().add(fields, Place.DOCUMENT, complaints);
            }
            if (complaints.isEmpty()) {
                open.stored(line, size);
            } else {
                open.failed(line, complaints.problem(), size);
            }
        } catch (JsonFault fault) {
            open.failed(
                    line,
                    Problem.of(
                            Fault.MALFORMED_REQUEST,
                            "The line is not good JSON: " + fault.getMessage() + " (at byte " + fault.position()
                                    + ")."),
                    size);
        }
        full();
    }

    private void tooLong() {
        line++;
        open.failed(
                line,
                Problem.of(
                        Fault.RECORD_TOO_LARGE,
                        "The line is longer than the limit of " + limits.maxLineBytes() + " bytes."),
                0);
        full();
    }

    private void full() {
        if (open.bytes() >= BATCH_BYTES || open.size() >= BATCH_LINES) {
            send();
            settle(IN_FLIGHT);
        }
    }

    private void send() {
        if (open.size() == 0) {
            return;
        }
        open.start(call.target(), appends, call.options());
        inFlight.add(open);
        open = newBatch();
    }

    /** Waits until at most so many batches are in flight, oldest first. */
    private void settle(int left) {
        while (inFlight.size() > left) {
            LineBatch batch = inFlight.remove();
            List<ProduceOutcome> outcomes = new ArrayList<>(batch.appending().size());
            for (CompletableFuture<ProduceOutcome> one : batch.appending()) {
                outcomes.add(Appends.await(one, call.options()));
            }
            results.add(batch, outcomes);
        }
    }
}
