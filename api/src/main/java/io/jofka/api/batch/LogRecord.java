package io.jofka.api.batch;

import java.nio.ByteBuffer;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * A record as read from a batch. Key, value and header values are views of the batch's bytes (or of the inflated
 * bytes): valid as long as these are not overwritten, not to be written to. {@code timestampMs} is ms since the epoch,
 * -1 where the sender gave none.
 */
public record LogRecord(
        long offset,
        long timestampMs,
        @Nullable ByteBuffer key,
        @Nullable ByteBuffer value,
        List<RecordHeader> headers) {}
