package io.jofka.node.storage;

import io.jofka.api.batch.BatchHeader;
import io.jofka.node.storage.Log.BatchVisitor;

/** Visits the batches of one segment from an offset on. Not thread-safe; must be closed. */
final class HeaderScan implements AutoCloseable {
    private final Segment segment;
    private final Extent extent;
    private final OpenFile file;
    private final long fromOffset;
    private final int position;

    HeaderScan(LogBody body, long fromOffset) {
        Segment[] all = body.segments;
        int at = LogBody.floor(all, fromOffset);
        this.segment = all[at];
        this.extent = segment.extent();
        this.fromOffset = fromOffset;
        OpenFile opened = body.context.files().acquire(segment);
        if (opened == null) {
            throw new RetiredSegment();
        }
        this.file = opened;
        SparseIndex index = segment.index(opened, at == all.length - 1, body.config.indexIntervalBytes());
        if (index == null) {
            opened.release();
            throw new RetiredSegment();
        }
        int entry = index.floorOffset(fromOffset - segment.baseOffset());
        this.position = entry < 0 ? 0 : index.position(entry);
    }

    /** False when the visitor wants no more. */
    boolean visit(BatchVisitor visitor) {
        try (BatchWalk walk = BatchWalk.scan(segment, file, position, extent.sizeBytes())) {
            while (walk.next()) {
                if (walk.lastOffset() >= fromOffset) {
                    BatchHeader header = walk.header();
                    if (!visitor.visit(header)) {
                        return false;
                    }
                }
            }
        }
        return true;
    }

    long nextOffset() {
        return Math.max(fromOffset, extent.endOffset());
    }

    @Override
    public void close() {
        file.release();
    }
}
