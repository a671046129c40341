package io.jofka.node.rest.data.read;

import io.helidon.http.Header;
import io.helidon.http.HeaderNames;
import io.helidon.http.HeaderValues;
import io.helidon.webserver.http.ServerRequest;
import io.helidon.webserver.http.ServerResponse;
import io.jofka.api.batch.LogRecord;
import io.jofka.node.common.Clock;
import io.jofka.node.common.TopicPartition;
import io.jofka.node.controller.Images;
import io.jofka.node.rest.Refusal;
import io.jofka.node.rest.data.exchange.Answers;
import io.jofka.node.rest.data.exchange.DataLimits;
import io.jofka.node.rest.data.exchange.Media;
import io.jofka.node.rest.data.exchange.StallGuard;
import io.jofka.node.rest.data.exchange.StallGuard.Writing;
import io.jofka.node.rest.data.json.JsonOut;
import java.util.HashSet;
import java.util.Set;
import java.util.concurrent.TimeUnit;

/**
 * The live tail: server-sent events (WHATWG HTML 9.2), one {@code record} event for each record, whose {@code id} is the
 * cursor behind it. A comment is sent when nothing else was for the heartbeat. What is buffered is one page: the log
 * itself is the buffer of a reader that is behind. A reader whose connection takes a page too slowly is told {@code
 * lagged} with its cursor and let go; it may come back any time. Thread-safe.
 */
final class LiveTail {
    private static final Header TYPE = HeaderValues.createCached(HeaderNames.CONTENT_TYPE, Media.SSE);
    private static final Header NO_STORE = HeaderValues.createCached(HeaderNames.CACHE_CONTROL, "no-store");
    /** With more positions than this the cursor is sent once behind each page instead of with each event. */
    private static final int CURSOR_EACH_POSITIONS = 64;

    private static final int CHUNK_BYTES = 64 << 10;
    private static final int PAGE_RECORDS = 500;
    private static final int PAGE_BYTES = 1 << 20;
    private static final int RETRY_MS = 1_000;

    private final Images images;
    private final ManyReader reader;
    private final DataLimits limits;
    private final StallGuard stalls;
    private final Clock clock;
    private final Answers answers;

    LiveTail(Images images, ManyReader reader, DataLimits limits, StallGuard stalls, Clock clock, Answers answers) {
        this.images = images;
        this.reader = reader;
        this.limits = limits;
        this.stalls = stalls;
        this.clock = clock;
        this.answers = answers;
    }

    void send(ServerRequest request, ServerResponse response, Positions positions, Wish wish, RecordFormat format) {
        response.header(TYPE);
        response.header(NO_STORE);
        try (Writing writing = stalls.open(response.outputStream())) {
            Events events = new Events(writing, positions, format, limits.maxJsonDepth());
            events.out.ascii("retry: ").number(RETRY_MS).ascii("\nid: ");
            events.out.ascii(positions.cursor()).ascii("\n\n");
            events.flush();
            try {
                follow(request, positions, wish, events, writing);
            } catch (Refusal refusal) {
                events.out.ascii("event: problem\ndata: ");
                answers.slot(request, events.out, refusal.problem());
                events.out.ascii("\n\n");
                events.flush();
            }
        }
    }

    private void follow(ServerRequest request, Positions positions, Wish wish, Events events, Writing writing) {
        long heartbeatNanos = limits.heartbeat().toNanos();
        long lastSent = clock.nanos();
        Set<TopicPartition> told = Set.of();
        while (!stalls.isClosed() && !Thread.currentThread().isInterrupted()) {
            long silent = clock.nanos() - lastSent;
            if (silent >= heartbeatNanos) {
                events.out.ascii(": heartbeat\n\n");
                events.flush();
                lastSent = clock.nanos();
                silent = 0;
            }
            int waitMs = (int) Math.max(1, TimeUnit.NANOSECONDS.toMillis(heartbeatNanos - silent));
            ManyReader.Result result = reader.next(positions, page(wish, waitMs), events);
            lags(result, positions, events);
            told = unavailable(request, result, told, events);
            if (result.records() > 0 && !events.cursorEach) {
                events.out.ascii("id: ").ascii(positions.cursor()).ascii("\n\n");
            }
            if (events.out.length() > 0 || events.sent) {
                events.flush();
                events.sent = false;
                lastSent = clock.nanos();
            }
            if (writing.slowestNanos() > limits.slowReader().toNanos()) {
                events.lagged("\"reason\":\"slow\"", positions);
                events.flush();
                return;
            }
            positions.grow(images.current());
        }
    }

    private static Wish page(Wish wish, int waitMs) {
        return new Wish(PAGE_RECORDS, PAGE_BYTES, waitMs, wish.isolation(), wish.filter(), wish.maxScan());
    }

    /** Tells each partition that cannot be read once, and again when it could be read in between. */
    private Set<TopicPartition> unavailable(
            ServerRequest request, ManyReader.Result result, Set<TopicPartition> told, Events events) {
        if (result.unavailable().isEmpty()) {
            return Set.of();
        }
        Set<TopicPartition> now = new HashSet<>();
        for (ManyReader.Unavailable one : result.unavailable()) {
            now.add(one.position().partition());
            if (!told.contains(one.position().partition())) {
                events.out.ascii("event: unavailable\ndata: ");
                TopicPage.unavailable(answers, request, events.out, one, false);
                events.out.ascii("\n\n");
            }
        }
        return now;
    }

    private static void lags(ManyReader.Result result, Positions positions, Events events) {
        for (ManyReader.Lag lag : result.lags()) {
            JsonOut detail = new JsonOut(128);
            detail.ascii("\"reason\":\"deleted\",\"gap\":");
            TopicPage.lag(detail, lag, false);
            events.lagged(
                    new String(detail.array(), 0, detail.length(), java.nio.charset.StandardCharsets.UTF_8), positions);
        }
    }

    /** Events on their way to the socket. */
    private static final class Events implements RecordSink {
        private final JsonOut out = new JsonOut(CHUNK_BYTES + (CHUNK_BYTES >> 2));
        private final Writing writing;
        private final Positions positions;
        private final RecordWriter writer;
        private final boolean cursorEach;
        private boolean sent;

        Events(Writing writing, Positions positions, RecordFormat format, int maxDepth) {
            this.writing = writing;
            this.positions = positions;
            this.writer = new RecordWriter(out, format, maxDepth);
            this.cursorEach = positions.size() <= CURSOR_EACH_POSITIONS;
        }

        @Override
        public void record(Position position, LogRecord record) {
            begin(position, record.offset() + 1);
            writer.write("", position.partition().partition(), record);
            end();
        }

        @Override
        public void unreadable(Position position, long offset, long lastOffset, String why) {
            begin(position, lastOffset + 1);
            writer.unreadable("", position.partition().partition(), offset, lastOffset, why);
            end();
        }

        private void begin(Position position, long next) {
            if (cursorEach) {
                position.moveTo(next);
                out.ascii("id: ").ascii(positions.cursor()).raw('\n');
            }
            out.ascii("event: record\ndata: ");
        }

        private void end() {
            out.ascii("\n\n");
            if (out.length() >= CHUNK_BYTES) {
                flush();
                sent = true;
            }
        }

        private void lagged(String detail, Positions at) {
            String cursor = at.cursor();
            out.ascii("id: ").ascii(cursor).ascii("\nevent: lagged\ndata: {");
            out.ascii(detail).ascii(",\"cursor\":\"").ascii(cursor).ascii("\"}\n\n");
        }

        void flush() {
            StallGuard.write(writing, out);
        }
    }
}
