package io.jofka.api.batch;

import java.nio.ByteBuffer;
import java.util.Iterator;
import java.util.NoSuchElementException;

/**
 * The batches between position and limit of a buffer, one behind the other. Moves neither; not thread-safe. The
 * iterator throws {@link BadBatch} at bytes that are no whole batch.
 */
public final class BatchSequence implements Iterable<BatchReader> {
    private final ByteBuffer buffer;
    private final InflationLimits limits;

    private BatchSequence(ByteBuffer buffer, InflationLimits limits) {
        this.buffer = buffer;
        this.limits = limits;
    }

    public static BatchSequence of(ByteBuffer buffer, InflationLimits limits) {
        return new BatchSequence(buffer, limits);
    }

    @Override
    public Iterator<BatchReader> iterator() {
        return new Iterator<>() {
            private int position = buffer.position();

            @Override
            public boolean hasNext() {
                return position < buffer.limit();
            }

            @Override
            public BatchReader next() {
                if (!hasNext()) {
                    throw new NoSuchElementException();
                }
                BatchReader reader = BatchReader.of(buffer, position, limits);
                position += reader.header().sizeBytes();
                return reader;
            }
        };
    }
}
