package io.jofka.node.storage;

import java.io.IOException;
import java.util.ArrayList;
import java.util.List;

/** Writes the checkpoints of a directory one after the other. Not thread-safe: the directory's checkpoint lock is held. */
final class CheckpointWriter {
    private final LogContext context;
    private long number;

    CheckpointWriter(LogContext context, long lastNumber) {
        this.context = context;
        this.number = lastNumber;
    }

    /**
     * Durable on return; only then the notes of cuts that the new checkpoint knows of go.
     *
     * @param unopened states of logs that were not opened
     * @param last whether closed logs may be called clean
     */
    void write(List<LogState> unopened, List<SegmentLog> logs, boolean last) throws IOException {
        List<LogState> states = new ArrayList<>(unopened.size() + logs.size());
        states.addAll(unopened);
        List<Runnable> afterwards = new ArrayList<>();
        for (SegmentLog log : logs) {
            LogBody body = log.body();
            int cuts = body.cutCount();
            boolean noted = body.cutNoted != Long.MAX_VALUE;
            body.changed = false;
            states.add(LogState.of(body, last && body.closed && !body.deleted));
            if (noted) {
                afterwards.add(() -> removeCutNote(body, cuts));
            }
        }
        number++;
        Checkpoint.write(context.disk(), context.root(), number, states);
        context.metrics().checkpoints.increment();
        afterwards.forEach(Runnable::run);
    }

    void markClean() throws IOException {
        Checkpoint.markClean(context.disk(), context.root(), number);
    }

    private void removeCutNote(LogBody body, int cuts) {
        synchronized (body.forceLock) {
            if (body.cutCount() == cuts && !body.deleted) {
                try {
                    context.disk().deleteIfExists(body.paths.file(LogPaths.TRUNCATED));
                } catch (IOException failure) {
                    throw context.health().broken("removing a note", failure);
                }
                body.cutNoted = Long.MAX_VALUE;
            }
        }
    }
}
