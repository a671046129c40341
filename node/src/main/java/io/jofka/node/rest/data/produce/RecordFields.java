package io.jofka.node.rest.data.produce;

import io.jofka.api.batch.RecordHeader;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** The record that is being read; used again for the next one. Buffers are views of the request's body. */
final class RecordFields {
    @Nullable
    ByteBuffer key;

    @Nullable
    ByteBuffer value;

    /** -1: not stated. */
    int partition;

    /** -1: not stated. */
    long timestampMs;

    private @Nullable List<RecordHeader> headers;
    private int headerBytes;

    void clear() {
        key = null;
        value = null;
        partition = -1;
        timestampMs = -1;
        headers = null;
        headerBytes = 0;
    }

    List<RecordHeader> headers() {
        return headers == null ? List.of() : headers;
    }

    void header(String name, @Nullable ByteBuffer headerValue) {
        if (headers == null) {
            headers = new ArrayList<>(4);
        }
        headers.add(new RecordHeader(name, headerValue));
        headerBytes += name.length() + (headerValue == null ? 0 : headerValue.remaining());
    }

    int headerBytes() {
        return headerBytes;
    }

    /** About what the record takes in a batch. */
    int sizeBytes() {
        return 12 + (key == null ? 0 : key.remaining()) + (value == null ? 0 : value.remaining()) + headerBytes;
    }
}
