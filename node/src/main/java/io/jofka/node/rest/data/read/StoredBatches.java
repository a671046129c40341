package io.jofka.node.rest.data.read;

import io.helidon.http.Header;
import io.helidon.http.HeaderName;
import io.helidon.http.HeaderNames;
import io.helidon.http.HeaderValues;
import io.helidon.webserver.http.ServerRequest;
import io.helidon.webserver.http.ServerResponse;
import io.jofka.node.broker.FetchService;
import io.jofka.node.broker.FetchService.FetchOutcome;
import io.jofka.node.broker.FetchService.FetchPosition;
import io.jofka.node.broker.FetchService.FetchRequest;
import io.jofka.node.broker.FetchService.Isolation;
import io.jofka.node.broker.OffsetService;
import io.jofka.node.broker.PartitionOffsets;
import io.jofka.node.common.TopicPartition;
import io.jofka.node.rest.Parameters;
import io.jofka.node.rest.Refusal;
import io.jofka.node.rest.data.exchange.DataLimits;
import io.jofka.node.rest.data.exchange.DataMetrics;
import io.jofka.node.rest.data.exchange.Gate;
import io.jofka.node.rest.data.exchange.Media;
import io.jofka.node.storage.LogSlice;
import java.io.IOException;
import java.io.OutputStream;
import java.io.UncheckedIOException;
import java.nio.ByteBuffer;
import java.nio.channels.WritableByteChannel;
import java.util.List;
import java.util.Set;

/**
 * {@code GET .../partitions/{p}/batches}: whole record batches as they are stored; the first one may begin before the
 * asked offset. Where the reader stands is told in headers. Aborted transactions are in it, as on Kafka's wire.
 * Thread-safe.
 */
final class StoredBatches {
    private static final Set<String> PARAMETERS = Set.of("offset", "at", "maxBytes", "waitMs", "isolation");
    private static final Header TYPE = HeaderValues.createCached(HeaderNames.CONTENT_TYPE, Media.BATCHES);
    private static final HeaderName NEXT_OFFSET = HeaderNames.create("Jofka-Next-Offset");
    private static final HeaderName HIGH_WATERMARK = HeaderNames.create("Jofka-High-Watermark");
    private static final HeaderName LOG_START = HeaderNames.create("Jofka-Log-Start-Offset");
    private static final HeaderName LAST_STABLE = HeaderNames.create("Jofka-Last-Stable-Offset");

    private final FetchService log;
    private final OffsetService offsets;
    private final DataLimits limits;
    private final ReadGates gates;
    private final DataMetrics metrics;

    StoredBatches(FetchService log, OffsetService offsets, DataLimits limits, ReadGates gates, DataMetrics metrics) {
        this.log = log;
        this.offsets = offsets;
        this.limits = limits;
        this.gates = gates;
        this.metrics = metrics;
    }

    void serve(ServerRequest request, ServerResponse response, TopicPartition partition) {
        Media.toAnswer(request.headers(), List.of(Media.BATCHES));
        Parameters params = Parameters.of(request.query(), PARAMETERS);
        int maxBytes = params.whole("maxBytes", 1, limits.maxReadBytes(), Wish.DEFAULT_BYTES);
        int waitMs = params.whole("waitMs", 0, Wish.MAX_WAIT_MS, 0);
        Isolation isolation =
                Wish.isolation(params.choice("isolation", "readCommitted", "readCommitted", "readUncommitted"));
        Gate gate = gates.of(waitMs);
        gate.enter(1);
        try {
            long start = OffsetSpec.of(params).resolve(offsets, partition, isolation);
            FetchPosition position = new FetchPosition(partition, start, maxBytes);
            FetchRequest wanted = new FetchRequest(List.of(position), waitMs > 0 ? 1 : 0, maxBytes, waitMs, isolation);
            switch (log.fetch(wanted).getFirst()) {
                case FetchOutcome.Data data -> {
                    try (LogSlice slice = data.slice()) {
                        send(response, slice, data.offsets());
                        metrics.read(0, slice.sizeBytes());
                    }
                }
                case FetchOutcome.Refused refused -> throw new Refusal(PartitionRead.problem(refused));
                case FetchOutcome.Diverged diverged ->
                    throw new IllegalStateException("no epoch was asked for, yet " + diverged);
            }
        } finally {
            gate.leave(1);
        }
    }

    private static void send(ServerResponse response, LogSlice slice, PartitionOffsets now) {
        int size = slice.sizeBytes();
        response.header(TYPE);
        response.header(NEXT_OFFSET, Long.toString(slice.nextOffset()));
        response.header(HIGH_WATERMARK, Long.toString(now.highWatermark()));
        response.header(LOG_START, Long.toString(now.logStartOffset()));
        response.header(LAST_STABLE, Long.toString(now.lastStableOffset()));
        if (size == 0) {
            response.send(new byte[0]);
            return;
        }
        response.contentLength(size);
        try (OutputStream out = response.outputStream()) {
            Pipe pipe = new Pipe(out);
            int at = 0;
            while (at < size) {
                long moved = slice.transferTo(at, size - at, pipe);
                if (moved <= 0) {
                    throw new IllegalStateException("a slice of " + size + " bytes ends at " + at);
                }
                at += (int) moved;
            }
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** The response as a channel. The server gives no socket to a handler, so this costs one copy. */
    private static final class Pipe implements WritableByteChannel {
        private static final int CHUNK_BYTES = 64 << 10;

        private final OutputStream out;
        private byte[] chunk = new byte[0];

        Pipe(OutputStream out) {
            this.out = out;
        }

        @Override
        public int write(ByteBuffer source) throws IOException {
            int size = source.remaining();
            if (source.hasArray()) {
                out.write(source.array(), source.arrayOffset() + source.position(), size);
                source.position(source.limit());
                return size;
            }
            if (chunk.length == 0) {
                chunk = new byte[Math.min(size, CHUNK_BYTES)];
            }
            while (source.hasRemaining()) {
                int part = Math.min(source.remaining(), chunk.length);
                source.get(chunk, 0, part);
                out.write(chunk, 0, part);
            }
            return size;
        }

        @Override
        public boolean isOpen() {
            return true;
        }

        @Override
        public void close() {
            // the response is closed by its owner
        }
    }
}
