package io.jofka.node.live;

import io.helidon.http.HeaderName;
import io.helidon.http.HeaderNames;
import io.helidon.webserver.http.HttpRules;
import io.helidon.webserver.http.HttpService;
import io.helidon.webserver.http.ServerRequest;
import io.helidon.webserver.http.ServerResponse;
import io.jofka.api.fault.Fault;
import io.jofka.node.rest.Paging;
import io.jofka.node.rest.Parameters;
import io.jofka.node.rest.Problem;
import io.jofka.node.rest.Refusal;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * {@code GET /api/v1/events}: a page of events, or, for {@code text/event-stream}, all that is kept after an id and then
 * what comes. A stream reads from the ring in its own time, so a slow reader costs nothing but its connection; what it
 * missed meanwhile it is told. Thread-safe; a stream holds one virtual thread.
 */
public final class EventsService implements HttpService {
    private static final HeaderName LAST_EVENT_ID = HeaderNames.create("Last-Event-ID");
    private static final String STREAM = "text/event-stream";
    private static final String PAGE = "application/json";
    private static final int DEFAULT_LIMIT = 100;
    private static final int CHUNK = 200;
    private static final int MAX_TYPE = 64;

    private final EventRing ring;
    private final StreamGuard guard;
    private final EventJson json;
    private final LiveConfig config;

    public EventsService(int nodeId, EventRing ring, StreamGuard guard, LiveConfig config) {
        this.ring = ring;
        this.guard = guard;
        this.json = new EventJson(nodeId);
        this.config = config;
    }

    @Override
    public void routing(HttpRules rules) {
        rules.get("/", this::get);
    }

    private void get(ServerRequest request, ServerResponse response) {
        Parameters parameters = Parameters.of(request.query(), "limit", "after", "typePrefix");
        int limit = parameters.whole("limit", 1, Paging.MAX_LIMIT, DEFAULT_LIMIT);
        Optional<Long> after =
                Optional.of(parameters.whole("after", 0L, Long.MAX_VALUE, -1L)).filter(id -> id >= 0);
        String prefix = parameters.text("typePrefix", MAX_TYPE).orElse("");
        switch (wanted(request)) {
            case STREAM -> stream(response, after.or(() -> lastEventId(request)), prefix);
            default -> {
                response.header(HeaderNames.CONTENT_TYPE, PAGE);
                response.header(HeaderNames.CACHE_CONTROL, "no-store");
                long from = after.orElse(0L);
                response.send(json.page(ring.read(from, limit, prefix), from));
            }
        }
    }

    private static String wanted(ServerRequest request) {
        Optional<String> accept = request.headers().first(HeaderNames.ACCEPT);
        if (accept.isEmpty() || accept.get().contains(PAGE)) {
            return PAGE;
        }
        if (accept.get().contains(STREAM)) {
            return STREAM;
        }
        if (accept.get().contains("*/*") || accept.get().contains("application/*")) {
            return PAGE;
        }
        throw new Refusal(Problem.of(Fault.NOT_ACCEPTABLE, "Produced here: " + PAGE + ", " + STREAM + ".")
                .extra(Map.of("supported", List.of(PAGE, STREAM))));
    }

    private static Optional<Long> lastEventId(ServerRequest request) {
        try {
            return request.headers()
                    .first(LAST_EVENT_ID)
                    .map(id -> Parameters.whole("Last-Event-ID", id.strip(), 0, Long.MAX_VALUE));
        } catch (Refusal refusal) {
            throw new Refusal(Fault.INVALID_PARAMETER, refusal.problem().detail());
        }
    }

    /** Without an id the stream begins with what comes. */
    private void stream(ServerResponse response, Optional<Long> after, String prefix) {
        if (!guard.open()) {
            throw new Refusal(Problem.of(Fault.OVERLOADED, "All " + config.maxStreams() + " streams are taken.")
                    .retryAfter(5));
        }
        try {
            response.header(HeaderNames.CONTENT_TYPE, STREAM);
            response.header(HeaderNames.CACHE_CONTROL, "no-store");
            long position = after.orElseGet(ring::lastId);
            try (OutputStream out = response.outputStream()) {
                follow(out, position, prefix);
            }
        } catch (IOException | UncheckedIOException e) {
            throw new UncheckedIOException("the reader of a stream is gone", new IOException(e));
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        } finally {
            guard.close();
        }
    }

    private void follow(OutputStream out, long start, String prefix) throws IOException, InterruptedException {
        send(out, "retry: 2000\n\n".getBytes(StandardCharsets.UTF_8));
        long position = start;
        boolean mayHaveMissed = start > 0;
        while (true) {
            EventRing.Chunk chunk = ring.await(position, CHUNK, prefix, config.heartbeatMs());
            ByteArrayOutputStream text = new ByteArrayOutputStream();
            if (mayHaveMissed && chunk.missed() > 0) {
                frame(text, "event: lagged\n", json.lagged(chunk.missed(), chunk.lastId()));
            }
            for (Event event : chunk.events()) {
                frame(text, "id: " + event.id() + "\n", json.one(event));
            }
            boolean silent = text.size() == 0 && chunk.lastId() == position;
            if (silent) {
                text.write(":\n\n".getBytes(StandardCharsets.UTF_8));
            }
            if (text.size() > 0) {
                send(out, text.toByteArray());
            }
            position = chunk.lastId();
            mayHaveMissed = true;
        }
    }

    private void send(OutputStream out, byte[] bytes) throws IOException {
        guard.write(() -> {
            out.write(bytes);
            out.flush();
        });
    }

    private static void frame(ByteArrayOutputStream text, String head, byte[] data) throws IOException {
        text.write((head + "data: ").getBytes(StandardCharsets.UTF_8));
        text.write(data);
        text.write("\n\n".getBytes(StandardCharsets.UTF_8));
    }
}
