package io.jofka.node.kafka;

import io.jofka.node.common.Invariant;
import io.jofka.node.storage.LogSlice;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.ByteBuffer;
import java.nio.channels.SocketChannel;
import java.util.ArrayList;
import java.util.List;
import org.apache.kafka.common.message.FetchResponseData;
import org.apache.kafka.common.protocol.ApiMessage;
import org.apache.kafka.common.protocol.ByteBufferAccessor;
import org.apache.kafka.common.protocol.MessageSizeAccumulator;
import org.apache.kafka.common.protocol.ObjectSerializationCache;
import org.apache.kafka.common.record.internal.BaseRecords;

/**
 * Encoded responses that wait to be written: bytes in one buffer, with slices of the log spliced in at their places. Small
 * slices are copied between the bytes, so that they cost no system call of their own; larger ones go out by sendfile.
 * Owned by one thread at a time. It owns the slices given to it and closes them when written or discarded.
 */
final class OutBuffer {
    /** Below this a copy is cheaper than a second system call. */
    private static final int COPY_BELOW = 4 << 10;

    private static final int COPY_STEP = 64 << 10;

    private final BufferPool pool;
    private final Chunk chunk;
    private final ByteBuffer bytes;
    private final List<Splice> splices = new ArrayList<>(0);
    private int responses;

    private record Splice(int position, SliceRecords records) {}

    private OutBuffer(BufferPool pool, Chunk chunk) {
        this.pool = pool;
        this.chunk = chunk;
        this.bytes = chunk.bytes();
    }

    /** Room for at least {@code bytes}: from the pool or, when that is empty, from the heap. */
    static OutBuffer withRoom(BufferPool pool, int bytes) throws InterruptedException {
        Chunk chunk = pool.acquire(bytes, 0);
        return new OutBuffer(pool, chunk != null ? chunk : Chunk.onHeap(bytes));
    }

    boolean isEmpty() {
        return bytes.position() == 0;
    }

    /** Responses that were put in since it was made or written. */
    int responses() {
        return responses;
    }

    boolean hasRoom(Sized response) {
        return bytes.remaining() >= response.inlineBytes();
    }

    /** A response whose size is known: step one of two, because its length comes first on the wire. */
    record Sized(
            ApiMessage body,
            short version,
            int correlationId,
            boolean tagged,
            int length,
            int inlineBytes,
            ObjectSerializationCache cache) {
        static Sized of(ApiMessage body, short version, int correlationId, short headerVersion) {
            ObjectSerializationCache cache = new ObjectSerializationCache();
            MessageSizeAccumulator size = new MessageSizeAccumulator();
            body.addSize(size, cache, version);
            boolean tagged = headerVersion >= 1;
            int header = tagged ? 5 : 4;
            return new Sized(
                    body,
                    version,
                    correlationId,
                    tagged,
                    header + size.totalSize(),
                    4 + header + size.sizeExcludingZeroCopy() + copied(body),
                    cache);
        }

        private static int copied(ApiMessage body) {
            if (!(body instanceof FetchResponseData fetch)) {
                return 0;
            }
            int bytes = 0;
            for (var topic : fetch.responses()) {
                for (var partition : topic.partitions()) {
                    int size = partition.records() == null
                            ? 0
                            : partition.records().sizeInBytes();
                    bytes += size < COPY_BELOW ? size : 0;
                }
            }
            return bytes;
        }
    }

    /**
     * There must be room. Slices inside the response are left to {@link #write} or {@link #discard} from here on; when
     * this throws nothing was put in and they remain with the caller.
     */
    void append(Sized response) {
        int start = bytes.position();
        int splicesBefore = splices.size();
        boolean written = false;
        try {
            bytes.putInt(response.length()).putInt(response.correlationId());
            if (response.tagged()) {
                bytes.put((byte) 0);
            }
            response.body().write(new Splicer(), response.cache(), response.version());
            responses++;
            written = true;
        } finally {
            if (!written) {
                bytes.position(start);
                splices.subList(splicesBefore, splices.size()).clear();
            }
        }
    }

    /** Writes into the buffer; records are copied or noted at their place. */
    private final class Splicer extends ByteBufferAccessor {
        Splicer() {
            super(bytes);
        }

        @Override
        public void writeRecords(BaseRecords records) {
            if (!(records instanceof SliceRecords slice)) {
                super.writeRecords(records);
            } else if (slice.sizeInBytes() < COPY_BELOW) {
                try (slice) {
                    copy(slice.slice(), 0, slice.sizeInBytes(), bytes);
                } catch (IOException e) {
                    throw new UncheckedIOException(e);
                }
            } else {
                splices.add(new Splice(bytes.position(), slice));
            }
        }
    }

    private static void copy(LogSlice slice, int from, int count, ByteBuffer target) throws IOException {
        Capture capture = new Capture(target);
        for (int done = 0; done < count; ) {
            long moved = slice.transferTo(from + done, count - done, capture);
            Invariant.check(moved > 0, "slice ends at %d, not at %d", from + done, from + count);
            done += (int) moved;
        }
    }

    /** Writes all, blocking, and is empty afterwards. */
    void write(SocketChannel channel, Progress progress) throws IOException, InterruptedException {
        bytes.flip();
        int end = bytes.limit();
        for (int i = 0; i < splices.size(); i++) {
            Splice splice = splices.get(i);
            bytes.limit(splice.position());
            writeFully(channel, bytes, progress);
            bytes.limit(end);
            transfer(splice.records(), channel, progress);
            splice.records().close();
        }
        splices.clear();
        writeFully(channel, bytes, progress);
        bytes.clear();
        responses = 0;
    }

    /** Told before each further step of a write that took more than one; a client that takes nothing is noticed by that. */
    @FunctionalInterface
    interface Progress {
        void moved();
    }

    private static void writeFully(SocketChannel channel, ByteBuffer source, Progress progress) throws IOException {
        if (source.isDirect()) {
            channel.write(source);
            while (source.hasRemaining()) {
                progress.moved();
                channel.write(source);
            }
            return;
        }
        int end = source.limit();
        while (source.position() < end) {
            source.limit(Math.min(end, source.position() + COPY_STEP));
            channel.write(source);
            progress.moved();
        }
        source.limit(end);
    }

    /** Sendfile; when the socket takes nothing more, one step is copied instead, because only a write waits for room. */
    private void transfer(SliceRecords records, SocketChannel channel, Progress progress)
            throws IOException, InterruptedException {
        LogSlice slice = records.slice();
        int size = records.sizeInBytes();
        int done = 0;
        while (done < size) {
            long moved = slice.transferTo(done, size - done, channel);
            if (moved <= 0) {
                moved = copyStep(slice, done, Math.min(COPY_STEP, size - done), channel, progress);
            }
            done += (int) moved;
            progress.moved();
        }
    }

    private long copyStep(LogSlice slice, int from, int count, SocketChannel channel, Progress progress)
            throws IOException, InterruptedException {
        OutBuffer step = withRoom(pool, count);
        try {
            ByteBuffer target = step.bytes;
            copy(slice, from, count, target);
            target.flip();
            writeFully(channel, target, progress);
            return count;
        } finally {
            step.discard();
        }
    }

    /** Closes what was not written and gives the memory back; unusable afterwards. */
    void discard() {
        for (int i = 0; i < splices.size(); i++) {
            splices.get(i).records().close();
        }
        splices.clear();
        chunk.release();
    }
}
