package io.jofka.node.rest.data.produce;

import io.helidon.webserver.http.ServerRequest;
import io.jofka.node.rest.Refusal;
import io.jofka.node.rest.data.exchange.Body;
import java.io.InputStream;
import java.util.Arrays;
import java.util.concurrent.ArrayBlockingQueue;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/**
 * Reads a body on a thread of its own, a few chunks ahead, so that whoever takes the chunks can tell "nothing more for
 * now" from "nothing more": a blocking read cannot. When the queue is full the reading stops, and so does the sender.
 */
final class BodyChunks implements AutoCloseable {
    private static final int CHUNK_BYTES = 64 << 10;
    private static final int AHEAD = 4;
    private static final long JOIN_MS = 5_000;

    private final BlockingQueue<Chunk> queue = new ArrayBlockingQueue<>(AHEAD);
    private final InputStream in;
    private final Thread reader;
    private volatile boolean ended;

    private BodyChunks(InputStream in) {
        this.in = in;
        this.reader = Thread.ofVirtual().name("rest-body").unstarted(this::read);
    }

    /** What arrived, or how the body ended. */
    sealed interface Chunk {
        record Bytes(byte[] bytes, int length) implements Chunk {}

        record End() implements Chunk {}

        /** The encoding is damaged or a limit is met. */
        record Refused(Refusal refusal) implements Chunk {}

        /** The connection is lost. */
        record Lost(RuntimeException cause) implements Chunk {}
    }

    static BodyChunks start(ServerRequest request) {
        BodyChunks chunks = new BodyChunks(Body.stream(request));
        chunks.reader.start();
        return chunks;
    }

    /** The next chunk, or null when none came in time. After an end nothing comes any more. */
    @Nullable
    Chunk next(long waitMs) throws InterruptedException {
        return waitMs == 0 ? queue.poll() : queue.poll(waitMs, TimeUnit.MILLISECONDS);
    }

    private void read() {
        try {
            Chunk last = readAll();
            ended = true;
            queue.put(last);
        } catch (InterruptedException stopped) {
            Thread.currentThread().interrupt();
        }
    }

    private Chunk readAll() throws InterruptedException {
        try {
            byte[] buffer = new byte[CHUNK_BYTES];
            while (true) {
                int count = Body.read(in, buffer, 0, buffer.length, Integer.MAX_VALUE);
                if (count < 0) {
                    return new Chunk.End();
                }
                if (count > 0) {
                    queue.put(new Chunk.Bytes(Arrays.copyOf(buffer, count), count));
                }
            }
        } catch (Refusal refusal) {
            return new Chunk.Refused(refusal);
        } catch (RuntimeException lost) {
            return new Chunk.Lost(lost);
        }
    }

    /** Stops the reading; the connection is of no more use if the body was not read to its end. */
    @Override
    public void close() {
        if (!ended) {
            reader.interrupt();
        }
        try {
            reader.join(JOIN_MS);
        } catch (InterruptedException stopping) {
            Thread.currentThread().interrupt();
        }
    }
}
