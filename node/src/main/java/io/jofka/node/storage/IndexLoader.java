package io.jofka.node.storage;

import java.io.IOException;
import java.util.Optional;

/** Finds the index of a segment whose index is not in memory: in its file, or else in the segment itself. */
final class IndexLoader {
    private static final System.Logger LOG = System.getLogger(IndexLoader.class.getName());

    private IndexLoader() {}

    static SparseIndex load(Segment segment, OpenFile file, int intervalBytes) {
        Extent extent = segment.extent();
        if (extent.sizeBytes() <= intervalBytes) {
            return new SparseIndex();
        }
        try {
            Optional<Seal> seal = Seal.read(segment.paths(), segment.baseOffset(), extent.sizeBytes());
            if (seal.isPresent()) {
                return seal.get().index();
            }
        } catch (IOException failure) {
            LOG.log(System.Logger.Level.WARNING, "index of " + segment + " cannot be read and is built anew", failure);
        }
        segment.paths().context().metrics().indexesRebuilt.increment();
        return build(segment, file, 0, extent.sizeBytes(), intervalBytes);
    }

    /** Walks the headers of a segment up to {@code end}. */
    static SparseIndex build(Segment segment, OpenFile file, int start, int end, int intervalBytes) {
        SparseIndex index = new SparseIndex();
        long maxTimestamp = -1;
        try (BatchWalk walk = BatchWalk.scan(segment, file, start, end)) {
            while (walk.next()) {
                if (walk.position() - index.lastPosition() >= intervalBytes) {
                    index.add((int) (walk.baseOffset() - segment.baseOffset()), walk.position(), maxTimestamp);
                }
                maxTimestamp = Math.max(maxTimestamp, walk.maxTimestampMs());
            }
        }
        return index;
    }
}
