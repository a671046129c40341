package io.jofka.node.storage;

import java.io.IOException;
import java.nio.file.Path;

/** Ends a log's use, keeping its files or removing them. */
final class Closing {
    private final LogBody body;

    Closing(LogBody body) {
        this.body = body;
    }

    /** Forces what is unforced and writes the index of the active segment, so that opening reads nothing. */
    void close() {
        synchronized (body.forceLock) {
            if (body.closed) {
                return;
            }
            boolean online = body.context.health().failure().isEmpty();
            try {
                if (online) {
                    var _ = Forcing.force(body);
                    body.aborted.force();
                    sealActive();
                }
            } catch (IOException failure) {
                throw body.context.health().broken("close of " + body.paths.partition(), failure);
            } finally {
                body.closed = true;
                for (Segment segment : body.segments) {
                    body.context.files().forget(segment, false);
                }
            }
        }
    }

    private void sealActive() {
        Segment active = body.active();
        SparseIndex index = active.loadedIndex();
        if (index == null || index.count() == 0) {
            return;
        }
        OpenFile file = body.context.files().acquire(active);
        if (file != null) {
            try {
                Rolling.write(body, active, file);
            } finally {
                file.release();
            }
        }
    }

    /** The directory goes under another name first: a crash leaves the whole log or none of it. */
    void delete() {
        synchronized (body.forceLock) {
            synchronized (body) {
                if (!body.closed) {
                    body.context.health().requireOnline();
                }
                body.closed = true;
                for (Segment segment : body.segments) {
                    segment.retire();
                    body.context.files().forget(segment, true);
                }
                body.deleted = true;
                body.segments = new Segment[] {
                    Segment.empty(
                            body.paths, body.endOffset(), body.context.clock().wallMs())
                };
                removeFiles(body.paths);
            }
        }
    }

    /** The files of a log, whether or not they can be read. */
    static void removeFiles(LogPaths paths) {
        LogContext context = paths.context();
        Path removed = context.root().resolve(paths.partition() + LogPaths.DELETED);
        try {
            context.disk().deleteTree(removed);
            if (context.disk().exists(paths.directory())) {
                context.disk().rename(paths.directory(), removed);
                context.disk().forceDirectory(context.root());
                context.disk().deleteTree(removed);
            }
        } catch (IOException failure) {
            throw paths.writeFailed("deletion", failure);
        }
    }
}
