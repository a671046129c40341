package io.jofka.node.rest.data.read;

import io.helidon.http.Header;
import io.helidon.http.HeaderNames;
import io.helidon.http.HeaderValues;
import io.helidon.webserver.http.ServerResponse;
import io.jofka.api.batch.LogRecord;
import io.jofka.node.rest.data.exchange.Answers;
import io.jofka.node.rest.data.exchange.Media;
import io.jofka.node.rest.data.json.JsonOut;
import java.io.IOException;
import java.io.OutputStream;
import java.io.UncheckedIOException;
import org.jspecify.annotations.Nullable;

/**
 * The JSON answer of a read: {@code {"records":[...], ...}}. A small answer leaves in one piece with its length; a large
 * one is handed to the socket in chunks while it grows, so that its size costs no memory. Not thread-safe.
 */
final class PageAnswer implements RecordSink {
    private static final Header JSON = HeaderValues.createCached(HeaderNames.CONTENT_TYPE, Media.JSON);
    private static final Header NO_STORE = HeaderValues.createCached(HeaderNames.CACHE_CONTROL, "no-store");
    private static final int FIRST_BYTES = 8 << 10;
    private static final int CHUNK_BYTES = 128 << 10;

    private final Answers answers;
    private final ServerResponse response;
    private final JsonOut out = new JsonOut(FIRST_BYTES);
    private final RecordWriter writer;
    private final boolean withTopic;
    private @Nullable OutputStream stream;
    private boolean first = true;

    PageAnswer(Answers answers, ServerResponse response, RecordFormat format, int maxDepth, boolean withTopic) {
        this.answers = answers;
        this.response = response;
        this.writer = new RecordWriter(out, format, maxDepth);
        this.withTopic = withTopic;
        out.ascii("{\"records\":[");
    }

    @Override
    public void record(Position position, LogRecord record) {
        separate();
        writer.write(withTopic ? position.topic() : "", position.partition().partition(), record);
    }

    @Override
    public void unreadable(Position position, long offset, long lastOffset, String why) {
        separate();
        writer.unreadable(
                withTopic ? position.topic() : "", position.partition().partition(), offset, lastOffset, why);
    }

    private void separate() {
        if (out.length() >= CHUNK_BYTES) {
            flush();
        }
        if (!first) {
            out.raw(',');
        }
        first = false;
    }

    private void flush() {
        OutputStream to = stream;
        if (to == null) {
            response.header(JSON);
            response.header(NO_STORE);
            to = response.outputStream();
            stream = to;
        }
        try {
            to.write(out.array(), 0, out.length());
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        out.length(0);
    }

    /** Closes the array; the caller writes the other members (each with a comma before it), then {@link #end}. */
    JsonOut members() {
        return out.raw(']');
    }

    /** Whether a part of the answer has left, so that no problem can be told any more. */
    boolean isStarted() {
        return stream != null;
    }

    void end() {
        out.raw('}');
        OutputStream to = stream;
        if (to == null) {
            answers.json(response, out);
            return;
        }
        flush();
        try {
            to.close();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
