package io.jofka.node.storage;

import com.google.errorprone.annotations.concurrent.GuardedBy;
import io.jofka.node.common.Disk;
import java.io.FileNotFoundException;
import java.io.IOException;
import java.nio.file.NoSuchFileException;
import java.util.ArrayDeque;
import org.jspecify.annotations.Nullable;

/**
 * The open segment files of a directory, at most so many; a clock with second chance chooses which to close, clean ones
 * first. Thread-safe; lock order: segment, then cache.
 */
final class FileCache {
    private final Disk disk;
    private final DirectoryHealth health;
    private final LogMetrics metrics;
    private final int limit;

    @GuardedBy("this")
    private final ArrayDeque<OpenFile> ring = new ArrayDeque<>();

    @GuardedBy("this")
    private int open;

    FileCache(Disk disk, DirectoryHealth health, LogMetrics metrics, int limit) {
        this.disk = disk;
        this.health = health;
        this.metrics = metrics;
        this.limit = limit;
    }

    /**
     * The segment's file, retained for the caller; null when the segment was retired (deleted or replaced): take the
     * log's segments anew.
     */
    @Nullable
    OpenFile acquire(Segment segment) {
        OpenFile file = segment.openFile;
        if (file != null && file.retain()) {
            return file;
        }
        return acquireSlow(segment, false);
    }

    /** Creates the file of a new segment; it must not exist with content. */
    OpenFile create(Segment segment) throws IOException {
        OpenFile file = acquireSlow(segment, true);
        if (file == null) {
            throw new IllegalStateException("a new segment is not retired");
        }
        return file;
    }

    private @Nullable OpenFile acquireSlow(Segment segment, boolean create) {
        OpenFile file;
        synchronized (segment) {
            file = segment.openFile;
            if (file != null && file.retain()) {
                return file;
            }
            if (segment.isRetired()) {
                return null;
            }
            try {
                file = new OpenFile(disk.open(segment.path(), create), segment, health);
            } catch (NoSuchFileException | FileNotFoundException absent) {
                if (segment.isRetired()) {
                    return null;
                }
                throw DirectoryHealth.unreadable(segment + ", its file is gone", absent);
            } catch (IOException failure) {
                throw create
                        ? segment.writeFailed("creation", failure)
                        : DirectoryHealth.unreadable(segment.toString(), failure);
            }
            file.retain();
            segment.openFile = file;
            // opened before the mark was set means opened before the path got another meaning
            if (segment.isRetired()) {
                segment.openFile = null;
                file.release();
                file.release();
                return null;
            }
        }
        metrics.filesOpened.increment();
        admit(file);
        return file;
    }

    /** Gives up the cached file of a segment that is deleted, replaced or closed. */
    void forget(Segment segment, boolean unwanted) {
        OpenFile file;
        synchronized (segment) {
            file = segment.openFile;
            segment.openFile = null;
        }
        if (file != null && file.evict()) {
            if (unwanted) {
                file.markUnwanted();
            }
            synchronized (this) {
                open--;
            }
            file.release();
        }
    }

    int openFiles() {
        synchronized (this) {
            return open;
        }
    }

    private void admit(OpenFile file) {
        OpenFile victim = null;
        synchronized (this) {
            if (ring.size() > 2 * limit) {
                ring.removeIf(OpenFile::isEvicted);
            }
            ring.addLast(file);
            open++;
            if (open > limit) {
                victim = chooseVictim(file);
            }
        }
        if (victim != null) {
            close(victim);
        }
    }

    @GuardedBy("this")
    private @Nullable OpenFile chooseVictim(OpenFile newest) {
        int cleanOnly = ring.size();
        for (int looks = 3 * ring.size(); looks > 0; looks--) {
            OpenFile next = ring.pollFirst();
            if (next == null) {
                return null;
            }
            if (next.isEvicted()) {
                continue;
            }
            boolean spared = next == newest || next.testAndClearUsed() || (cleanOnly-- > 0 && next.isWritten());
            if (!spared) {
                return next;
            }
            ring.addLast(next);
        }
        return null;
    }

    private void close(OpenFile victim) {
        Segment segment = victim.segment();
        synchronized (segment) {
            if (segment.openFile == victim) {
                segment.openFile = null;
            }
        }
        if (victim.evict()) {
            synchronized (this) {
                open--;
            }
            victim.release();
        }
    }
}
