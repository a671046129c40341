package io.jofka.node.storage;

import com.google.errorprone.annotations.concurrent.GuardedBy;
import java.util.ArrayDeque;

/**
 * Bounds the heap of the indexes of closed segments; those loaded longest ago are dropped first and loaded again when
 * asked for. The index of an active segment is not counted here: it is needed for each append. Thread-safe; lock order:
 * segment, then cache.
 */
final class IndexCache {
    private record Entry(Segment segment, SparseIndex index) {}

    private final long limitBytes;

    @GuardedBy("this")
    private final ArrayDeque<Entry> loaded = new ArrayDeque<>();

    @GuardedBy("this")
    private long bytes;

    IndexCache(long limitBytes) {
        this.limitBytes = limitBytes;
    }

    /** Counts an index that the segment now holds, and drops older ones. */
    synchronized void admit(Segment segment, SparseIndex index) {
        loaded.addLast(new Entry(segment, index));
        bytes += index.memoryBytes();
        while (bytes > limitBytes && loaded.size() > 1) {
            Entry oldest = loaded.removeFirst();
            bytes -= oldest.index.memoryBytes();
            oldest.segment.dropIndex(oldest.index);
        }
    }
}
