package io.jofka.node.storage;

import java.io.IOException;

/** Makes a log durable: closed segments first, then the active one, then new directory entries. */
final class Forcing {
    private Forcing() {}

    /** Any thread; one force at a time for a log, beside appends. */
    static long force(LogBody body) {
        synchronized (body.forceLock) {
            body.requireWritable();
            Segment[] all;
            Extent extent;
            boolean directory;
            boolean root;
            synchronized (body) {
                all = body.segments;
                extent = all[all.length - 1].extent();
                // a file that is made from here on sets the marks again
                directory = body.directoryChanged;
                root = body.rootChanged;
                body.directoryChanged = false;
                body.rootChanged = false;
                body.unforcedSinceNanos = 0;
            }
            LogBody.Forced before = body.forced;
            if (before.offset() == extent.endOffset() && !directory && !root) {
                return before.offset();
            }
            body.context.metrics().forces.record(() -> forceAll(body, all, extent, directory, root));
            body.forced = LogBody.Forced.all(all[all.length - 1].baseOffset(), extent);
            body.markChanged();
            return extent.endOffset();
        }
    }

    private static void forceAll(LogBody body, Segment[] all, Extent extent, boolean directory, boolean root) {
        int first = all.length - 1;
        while (first > 0 && all[first - 1].forcedBytes < all[first - 1].sizeBytes()) {
            first--;
        }
        for (int i = first; i < all.length; i++) {
            force(all[i], i == all.length - 1 ? extent.sizeBytes() : all[i].sizeBytes());
        }
        forceNames(body, directory, root);
    }

    /**
     * The names of the log's files and folder; a note or seal about something that a power cut takes would be a lie.
     * Under the force lock.
     */
    static void forceNames(LogBody body) {
        boolean directory;
        boolean root;
        synchronized (body) {
            directory = body.directoryChanged;
            root = body.rootChanged;
            body.directoryChanged = false;
            body.rootChanged = false;
        }
        forceNames(body, directory, root);
    }

    private static void forceNames(LogBody body, boolean directory, boolean root) {
        try {
            if (directory) {
                body.context.disk().forceDirectory(body.paths.directory());
            }
            if (root) {
                body.context.disk().forceDirectory(body.context.root());
            }
        } catch (IOException failure) {
            throw body.context.health().broken("force of " + body.paths.partition(), failure);
        }
    }

    /** Under the force lock, so that the segment is not retired meanwhile. */
    static void force(Segment segment, int size) {
        if (segment.forcedBytes >= size) {
            return;
        }
        LogContext context = segment.paths().context();
        OpenFile file = context.files().acquire(segment);
        if (file == null) {
            throw new IllegalStateException(segment + " is retired under the force lock");
        }
        try {
            file.clearWritten();
            file.file().force();
            segment.forcedBytes = size;
        } catch (IOException failure) {
            throw context.health().broken("force of " + segment, failure);
        } finally {
            file.release();
        }
    }
}
