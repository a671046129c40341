package io.jofka.node.storage;

import org.jspecify.annotations.Nullable;

/** Finds, inside one segment, the run of whole batches that a read is to return. */
final class SliceFinder {
    /** Where the last read ended: the next one most often begins there. */
    record Hint(Segment segment, long offset, int position) {}

    private final Segment segment;
    private final Extent extent;
    private final OpenFile file;
    private final SparseIndex index;

    SliceFinder(Segment segment, Extent extent, OpenFile file, SparseIndex index) {
        this.segment = segment;
        this.extent = extent;
        this.file = file;
        this.index = index;
    }

    /**
     * @param endOffset at most the extent's end
     * @return a slice that owns the file's count; null when no batch of this segment reaches {@code offset}; empty when
     *     one does but not below {@code endOffset} or within {@code maxBytes}
     */
    @Nullable
    LogSlice find(long offset, int maxBytes, long endOffset, boolean atLeastOne, @Nullable Hint hint) {
        int start;
        int firstEnd;
        long firstOffset;
        long firstLast;
        try (BatchWalk walk = BatchWalk.lookUp(segment, file, startOf(offset, hint), extent.sizeBytes())) {
            do {
                if (!walk.next()) {
                    return null;
                }
            } while (walk.lastOffset() < offset);
            start = walk.position();
            firstEnd = walk.end();
            firstOffset = walk.baseOffset();
            firstLast = walk.lastOffset();
        }
        if (firstLast >= endOffset || (firstEnd - start > maxBytes && !atLeastOne)) {
            return new EmptySlice(offset);
        }
        if (firstEnd - start >= maxBytes) {
            return slice(start, firstEnd, firstOffset, firstLast + 1);
        }
        int bound = endOffset < extent.endOffset() ? boundary(endOffset, firstEnd) : extent.sizeBytes();
        if (bound - start <= maxBytes) {
            return slice(start, bound, firstOffset, endOffset);
        }
        return cut(start, firstEnd, firstOffset, firstLast + 1, start + maxBytes);
    }

    private int startOf(long offset, @Nullable Hint hint) {
        if (hint != null && hint.segment == segment && hint.offset == offset && hint.position < extent.sizeBytes()) {
            return hint.position;
        }
        int entry = index.floorOffset(offset - segment.baseOffset());
        return entry < 0 ? 0 : index.position(entry);
    }

    /** Position of the first batch that is not wholly below {@code endOffset}. */
    private int boundary(long endOffset, int atLeast) {
        int entry = index.floorOffset(endOffset - segment.baseOffset());
        int from = Math.max(atLeast, entry < 0 ? 0 : index.position(entry));
        try (BatchWalk walk = BatchWalk.lookUp(segment, file, from, extent.sizeBytes())) {
            while (walk.next()) {
                if (walk.lastOffset() >= endOffset) {
                    return walk.position();
                }
            }
        }
        return extent.sizeBytes();
    }

    /** As many batches as end at or before {@code limit}, at least the first. */
    private LogSlice cut(int start, int firstEnd, long firstOffset, long firstNext, int limit) {
        int end = firstEnd;
        long next = firstNext;
        int entry = index.floorPosition(limit);
        if (entry >= 0 && index.position(entry) > firstEnd) {
            end = index.position(entry);
            next = segment.baseOffset() + index.relativeOffset(entry);
        }
        try (BatchWalk walk = BatchWalk.lookUp(segment, file, end, extent.sizeBytes())) {
            while (walk.next() && walk.end() <= limit) {
                end = walk.end();
                next = walk.lastOffset() + 1;
            }
        }
        return slice(start, end, firstOffset, next);
    }

    private LogSlice slice(int start, int end, long firstOffset, long nextOffset) {
        return new FileSlice(segment, file, start, end - start, firstOffset, nextOffset);
    }
}
