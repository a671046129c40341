package io.jofka.node.rest.data.read;

import io.helidon.http.Header;
import io.helidon.http.HeaderNames;
import io.helidon.http.HeaderValues;
import io.helidon.webserver.http.ServerRequest;
import io.helidon.webserver.http.ServerResponse;
import io.jofka.api.batch.LogRecord;
import io.jofka.node.controller.Images;
import io.jofka.node.rest.Refusal;
import io.jofka.node.rest.data.exchange.Answers;
import io.jofka.node.rest.data.exchange.DataLimits;
import io.jofka.node.rest.data.exchange.Media;
import io.jofka.node.rest.data.exchange.StallGuard;
import io.jofka.node.rest.data.exchange.StallGuard.Writing;
import io.jofka.node.rest.data.json.JsonOut;
import java.io.OutputStream;
import java.util.List;

/**
 * The whole topic as NDJSON: one record a line, to the end of what is there (and further while new records come within
 * {@code waitMs}), or to {@code maxRecords}; the last line has the cursor to go on from. Thread-safe.
 */
final class RecordStream {
    private static final Header TYPE = HeaderValues.createCached(HeaderNames.CONTENT_TYPE, Media.NDJSON);
    private static final Header NO_STORE = HeaderValues.createCached(HeaderNames.CACHE_CONTROL, "no-store");
    private static final int CHUNK_BYTES = 128 << 10;

    private final Images images;
    private final ManyReader reader;
    private final DataLimits limits;
    private final StallGuard stalls;
    private final Answers answers;

    RecordStream(Images images, ManyReader reader, DataLimits limits, StallGuard stalls, Answers answers) {
        this.images = images;
        this.reader = reader;
        this.limits = limits;
        this.stalls = stalls;
        this.answers = answers;
    }

    /** {@code maxRecords} is of the whole stream, -1 for no limit. */
    void send(
            ServerRequest request,
            ServerResponse response,
            Positions positions,
            Wish wish,
            RecordFormat format,
            long maxRecords) {
        response.header(TYPE);
        response.header(NO_STORE);
        try (Writing writing = stalls.open(response.outputStream())) {
            Lines lines = new Lines(writing, format, limits.maxJsonDepth());
            try {
                List<ManyReader.Unavailable> unavailable = copy(positions, wish, lines, maxRecords);
                lines.out
                        .ascii("{\"cursor\":\"")
                        .ascii(positions.cursor())
                        .ascii("\",\"atEnd\":")
                        .ascii(Boolean.toString(positions.isAtEnd(wish.isolation())));
                TopicPage.unavailable(answers, request, lines.out, unavailable, false);
                lines.out.ascii("}\n");
            } catch (Refusal refusal) {
                lines.out.ascii("{\"cursor\":\"").ascii(positions.cursor()).ascii("\",\"problem\":");
                answers.slot(request, lines.out, refusal.problem());
                lines.out.ascii("}\n");
            }
            lines.flush();
        }
    }

    /** Partitions that could not be read at the end. */
    private List<ManyReader.Unavailable> copy(Positions positions, Wish wish, Lines lines, long maxRecords) {
        List<ManyReader.Unavailable> unavailable = List.of();
        long left = maxRecords < 0 ? Long.MAX_VALUE : maxRecords;
        while (left > 0) {
            Wish page = wish.withRecords((int) Math.min(left, limits.maxReadRecords()));
            ManyReader.Result result = reader.next(positions, page, lines);
            for (ManyReader.Lag lag : result.lags()) {
                lines.out.ascii("{\"lagged\":");
                TopicPage.lag(lines.out, lag, false);
                lines.out.ascii("}\n");
            }
            unavailable = result.unavailable();
            left -= result.records();
            lines.flush();
            boolean scanned = wish.isFiltered() && result.scanned() > 0;
            if (result.records() == 0 && !scanned && result.lags().isEmpty()) {
                return unavailable;
            }
            if (wish.waitMs() == 0 && positions.isAtEnd(wish.isolation())) {
                return unavailable;
            }
            positions.grow(images.current());
        }
        return unavailable;
    }

    /** Lines on their way to the socket. */
    private static final class Lines implements RecordSink {
        private final JsonOut out = new JsonOut(CHUNK_BYTES + (CHUNK_BYTES >> 2));
        private final OutputStream writing;
        private final RecordWriter writer;

        Lines(OutputStream writing, RecordFormat format, int maxDepth) {
            this.writing = writing;
            this.writer = new RecordWriter(out, format, maxDepth);
        }

        @Override
        public void record(Position position, LogRecord record) {
            writer.write("", position.partition().partition(), record);
            end();
        }

        @Override
        public void unreadable(Position position, long offset, long lastOffset, String why) {
            writer.unreadable("", position.partition().partition(), offset, lastOffset, why);
            end();
        }

        private void end() {
            out.raw('\n');
            if (out.length() >= CHUNK_BYTES) {
                flush();
            }
        }

        void flush() {
            StallGuard.write(writing, out);
        }
    }
}
