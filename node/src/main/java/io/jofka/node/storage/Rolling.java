package io.jofka.node.storage;

import java.io.IOException;
import java.util.Arrays;
import java.util.Objects;

/** Puts a new active segment behind the old one, and seals the old one in the background. */
final class Rolling {
    private static final System.Logger LOG = System.getLogger(Rolling.class.getName());

    private Rolling() {}

    /** Under the body's monitor. The new segment may have no file yet: the first append makes it. */
    static void roll(LogBody body, Segment next) {
        Segment old = body.active();
        Segment[] all = body.segments;
        if (old.sizeBytes() == 0) {
            // never used, and its offsets are too far from what comes: it would only be in the way
            old.retire();
            Segment[] replaced = all.clone();
            replaced[all.length - 1] = next;
            body.segments = replaced;
            body.removeFiles(old);
            return;
        }
        Extent extent = old.extent();
        if (extent.endOffset() != next.baseOffset()) {
            old.extend(new Extent(extent.sizeBytes(), next.baseOffset(), extent.maxTimestampMs()));
        }
        Segment[] more = Arrays.copyOf(all, all.length + 1);
        more[all.length] = next;
        body.segments = more;
        body.context.metrics().segmentsRolled.increment();
        SparseIndex index = old.loadedIndex();
        if (index != null) {
            body.context.indexes().admit(old, index);
        }
        body.context.background().accept(() -> seal(body, old));
    }

    /** Forces a closed segment, and all before it, and writes its index file: recovery need not read it then. */
    static void seal(LogBody body, Segment segment) {
        synchronized (body.forceLock) {
            if (body.closed
                    || segment.isRetired()
                    || body.context.health().failure().isPresent()) {
                return;
            }
            // a seal says that all before it is durable too, so older ones come first
            for (Segment older : body.segments) {
                if (older.baseOffset() <= segment.baseOffset()) {
                    Forcing.force(older, older.sizeBytes());
                }
            }
            Forcing.forceNames(body);
            OpenFile file = body.context.files().acquire(segment);
            if (file == null) {
                return;
            }
            try {
                write(body, segment, file);
            } finally {
                file.release();
            }
        }
    }

    /** An index that cannot be written for want of space is built anew when needed. */
    static void write(LogBody body, Segment segment, OpenFile file) {
        SparseIndex index = segment.index(file, segment == body.active(), body.config.indexIntervalBytes());
        Extent extent = segment.extent();
        Seal seal = new Seal(
                segment.baseOffset(),
                extent.endOffset(),
                extent.sizeBytes(),
                extent.maxTimestampMs(),
                body.epochs.between(segment.baseOffset(), extent.endOffset()),
                Objects.requireNonNull(index, "not retired under the force lock"));
        try {
            seal.write(body.paths);
        } catch (IOException failure) {
            StorageFailure outcome = body.paths.writeFailed("the index of " + segment, failure);
            if (outcome.scope() == StorageFailure.Scope.DIRECTORY) {
                throw outcome;
            }
            LOG.log(System.Logger.Level.WARNING, "index of " + segment + " is not written", failure);
        }
    }
}
