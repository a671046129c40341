package io.jofka.node.storage;

import java.io.Serial;

/** A reader met a segment that was deleted or replaced meanwhile: it takes the log's segments anew. */
final class RetiredSegment extends RuntimeException {
    @Serial
    private static final long serialVersionUID = 1L;

    RetiredSegment() {
        super("retired", null, false, false);
    }
}
