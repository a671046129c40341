package io.jofka.api.batch;

import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Iterator;
import java.util.List;
import java.util.NoSuchElementException;
import org.jspecify.annotations.Nullable;

/**
 * Reads one batch. The header is read at once; records are inflated when an iterator is made and parsed as it goes. The
 * CRC is not looked at: {@link BatchChecks#structure} or {@link BatchFields#crcMatches} is for bytes that come from
 * outside.
 *
 * <p>Not thread-safe. {@code of}, {@link #iterator} and the iterator throw {@link BadBatch} on bytes that are not what
 * the format allows, and nothing else. Memory: the inflated records of one batch, at most what {@link InflationLimits}
 * allows; views of the batch's bytes when it is not compressed.
 */
public final class BatchReader implements Iterable<LogRecord> {
    private final ByteBuffer buffer;
    private final int position;
    private final BatchHeader header;
    private final InflationLimits limits;

    private BatchReader(ByteBuffer buffer, int position, BatchHeader header, InflationLimits limits) {
        this.buffer = buffer;
        this.position = position;
        this.header = header;
        this.limits = limits;
    }

    /** The batch at {@code position}, which need not be the buffer's. */
    public static BatchReader of(ByteBuffer buffer, int position, InflationLimits limits) {
        BatchHeader header = BatchHeader.read(buffer, position);
        if (header.sizeBytes() > buffer.limit() - position) {
            throw BadBatch.corrupt("The batch declares " + header.sizeBytes() + " bytes; " + (buffer.limit() - position)
                    + " are left.");
        }
        return new BatchReader(buffer, position, header, limits);
    }

    public BatchHeader header() {
        return header;
    }

    /** All bytes of the batch, header included; a view. */
    public ByteBuffer bytes() {
        return buffer.slice(position, header.sizeBytes());
    }

    /** All records as a list. */
    public List<LogRecord> toList() {
        Records records = iterator();
        List<LogRecord> list = new ArrayList<>(records.left);
        while (records.hasNext()) {
            list.add(records.next());
        }
        return list;
    }

    @Override
    public Records iterator() {
        return new Records(header, RecordCursor.open(buffer, position, header, limits));
    }

    /** The records in order; control records too, as the header says. */
    public static final class Records implements Iterator<LogRecord> {
        private final BatchHeader header;
        private final RecordCursor cursor;
        private int left;

        private Records(BatchHeader header, RecordCursor cursor) {
            this.header = header;
            this.cursor = cursor;
            this.left = header.recordCount();
            if (left < 0 || left > cursor.remaining() / RecordCursor.MIN_RECORD) {
                throw BadBatch.invalid("The batch declares " + left + " records in " + cursor.remaining() + " bytes.");
            }
            expectEnd();
        }

        @Override
        public boolean hasNext() {
            return left > 0;
        }

        @Override
        public LogRecord next() {
            if (left <= 0) {
                throw new NoSuchElementException();
            }
            cursor.next();
            List<RecordHeader> headers = headers();
            left--;
            expectEnd();
            long timestamp = header.isLogAppendTime()
                    ? header.maxTimestampMs()
                    : header.baseTimestampMs() + cursor.timestampDelta;
            return new LogRecord(
                    header.baseOffset() + cursor.offsetDelta,
                    timestamp,
                    view(cursor.keyStart, cursor.keyLength),
                    view(cursor.valueStart, cursor.valueLength),
                    headers);
        }

        /** Where the record that was returned last is in the bytes. */
        RecordCursor cursor() {
            return cursor;
        }

        private void expectEnd() {
            if (left == 0 && !cursor.atEnd()) {
                throw BadBatch.invalid(cursor.remaining() + " bytes follow the last record of the batch.");
            }
        }

        private List<RecordHeader> headers() {
            int count = cursor.headerCount;
            if (count == 0) {
                return List.of();
            }
            RecordHeader[] headers = new RecordHeader[count];
            cursor.rewindToHeaders();
            for (int i = 0; i < count; i++) {
                int nameLength = cursor.length("header name");
                String name = text(cursor.position(), nameLength);
                cursor.skip(nameLength);
                int valueLength = cursor.length("header value");
                headers[i] = new RecordHeader(name, view(cursor.position(), valueLength));
                cursor.skip(Math.max(0, valueLength));
            }
            return List.of(headers);
        }

        private String text(int from, int length) {
            ByteBuffer data = cursor.data;
            if (data.hasArray()) {
                return new String(data.array(), data.arrayOffset() + from, length, StandardCharsets.UTF_8);
            }
            byte[] bytes = new byte[length];
            data.get(from, bytes);
            return new String(bytes, StandardCharsets.UTF_8);
        }

        private @Nullable ByteBuffer view(int from, int length) {
            return length < 0 ? null : cursor.data.slice(from, length);
        }
    }
}
