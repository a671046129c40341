package io.jofka.node.storage;

import io.jofka.node.common.DiskFile;
import java.io.IOException;
import java.util.concurrent.atomic.AtomicIntegerFieldUpdater;

/**
 * An open segment file with a count of owners: the cache is one, each reader another; the last one closes it. A file
 * with unforced writes is forced before it is closed, since an error of the disk may be told only to who holds it open.
 * Thread-safe.
 */
final class OpenFile {
    private static final AtomicIntegerFieldUpdater<OpenFile> OWNERS =
            AtomicIntegerFieldUpdater.newUpdater(OpenFile.class, "owners");

    private final DiskFile file;
    private final Segment segment;
    private final DirectoryHealth health;
    private volatile int owners = 1;
    private volatile boolean written;
    private volatile boolean used = true;
    private volatile boolean evicted;
    private volatile boolean unwanted;

    OpenFile(DiskFile file, Segment segment, DirectoryHealth health) {
        this.file = file;
        this.segment = segment;
        this.health = health;
    }

    DiskFile file() {
        return file;
    }

    Segment segment() {
        return segment;
    }

    /** False when it is closed already. */
    boolean retain() {
        while (true) {
            int now = owners;
            if (now == 0) {
                return false;
            }
            if (OWNERS.compareAndSet(this, now, now + 1)) {
                if (!used) {
                    used = true;
                }
                return true;
            }
        }
    }

    void release() {
        if (OWNERS.decrementAndGet(this) > 0) {
            return;
        }
        try {
            if (written && !unwanted) {
                file.force();
            }
        } catch (IOException failure) {
            var _ = health.broken("force of " + segment, failure);
        } finally {
            closeQuietly();
        }
    }

    private void closeQuietly() {
        try {
            file.close();
        } catch (IOException failure) {
            if (written && !unwanted) {
                var _ = health.broken("close of " + segment, failure);
            }
        }
    }

    void markWritten() {
        if (!written) {
            written = true;
        }
    }

    /** Before a force, so that a write beside it leaves the mark. */
    void clearWritten() {
        written = false;
    }

    boolean isWritten() {
        return written;
    }

    /** Second chance of the clock: whether it was used since the last question. */
    boolean testAndClearUsed() {
        boolean was = used;
        used = false;
        return was;
    }

    /** True for the one caller that takes the cache's ownership away. */
    synchronized boolean evict() {
        boolean first = !evicted;
        evicted = true;
        return first;
    }

    boolean isEvicted() {
        return evicted;
    }

    /** Its segment is deleted: closing need not force. */
    void markUnwanted() {
        unwanted = true;
    }
}
