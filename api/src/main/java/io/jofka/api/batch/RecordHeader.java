package io.jofka.api.batch;

import java.nio.ByteBuffer;
import org.jspecify.annotations.Nullable;

/** A header of a record; names may repeat and their order is kept. The value is a view of the batch, null if absent. */
public record RecordHeader(String name, @Nullable ByteBuffer value) {}
