package io.jofka.node.rest.data.exchange;

import io.helidon.http.HeaderNames;
import io.helidon.http.HttpException;
import io.helidon.http.RequestException;
import io.helidon.http.ServerRequestHeaders;
import io.helidon.http.Status;
import io.helidon.webserver.http.ServerRequest;
import io.jofka.api.fault.Fault;
import io.jofka.node.rest.Problem;
import io.jofka.node.rest.Refusal;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.util.Arrays;

/**
 * A request body in memory, counted against the node's budget until {@link #close}. Memory is taken as bytes arrive, not
 * as the caller announces them. Not thread-safe.
 */
public final class Body implements AutoCloseable {
    private static final int FIRST_BYTES = 16 << 10;
    private static final int TRUSTED_BYTES = 256 << 10;
    /** What is still read of a body that was refused, and thrown away. */
    private static final int PASSED_BYTES = 64 << 20;

    private final Gate budget;
    private byte[] bytes = new byte[0];
    private int length;
    private long charged;

    private Body(Gate budget) {
        this.budget = budget;
    }

    /** Reads the whole body. Refuses with 413 beyond {@code maxBytes} (inflated), 503 beyond the node's budget. */
    public static Body read(ServerRequest request, int maxBytes, Gate budget) {
        ServerRequestHeaders headers = request.headers();
        long announced = headers.contains(HeaderNames.CONTENT_LENGTH)
                ? headers.contentLength().orElse(-1)
                : -1;
        if (announced > maxBytes) {
            throw tooLarge(maxBytes);
        }
        Body body = new Body(budget);
        try {
            body.fill(request, announced, maxBytes);
            return body;
        } catch (RuntimeException e) {
            body.close();
            throw e;
        }
    }

    /** The array that holds the body from 0 to {@link #length}; never longer lived than this object. */
    public byte[] array() {
        return bytes;
    }

    public int length() {
        return length;
    }

    private void fill(ServerRequest request, long announced, int maxBytes) {
        if (!request.content().hasEntity()) {
            return;
        }
        InputStream in = stream(request);
        boolean encoded = request.headers().contains(HeaderNames.CONTENT_ENCODING);
        // one byte more than announced, so that the end is seen without growing
        grow(encoded || announced < 0 ? FIRST_BYTES : (int) Math.min(announced + 1, TRUSTED_BYTES));
        while (true) {
            if (length == bytes.length) {
                if (length > maxBytes) {
                    throw tooLarge(maxBytes);
                }
                grow((int) Math.min(maxBytes + 1L, bytes.length * 2L));
            }
            int count = read(in, bytes, length, bytes.length - length, maxBytes);
            if (count < 0) {
                break;
            }
            length += count;
        }
        if (length > maxBytes) {
            throw tooLarge(maxBytes);
        }
    }

    /**
     * Reads on after a refusal was sent, and throws it away: a connection that is closed over bytes that nobody has read is
     * reset, and the reset can overtake the answer. Ends when the caller does, or after 64 MiB.
     */
    static void pass(ServerRequest request) {
        if (!request.content().hasEntity() || request.headers().contains(HeaderNames.EXPECT)) {
            return;
        }
        byte[] nothing = new byte[FIRST_BYTES];
        long left = PASSED_BYTES;
        try {
            InputStream in = stream(request);
            int count = in.read(nothing);
            while (count >= 0 && left > 0) {
                left -= count;
                count = in.read(nothing);
            }
        } catch (IOException | RuntimeException gone) {
            // the connection ends either way
        }
    }

    private void grow(int size) {
        long more = size - (long) bytes.length;
        budget.enter(more);
        charged += more;
        bytes = Arrays.copyOf(bytes, size);
    }

    /** The body as a stream, inflated where the caller deflated it. */
    public static InputStream stream(ServerRequest request) {
        return request.content().inputStream();
    }

    /** Reads once, and turns what can go wrong on the way into refusals. */
    public static int read(InputStream in, byte[] target, int from, int size, int maxBytes) {
        try {
            return in.read(target, from, size);
        } catch (BadEncoding bad) {
            throw new Refusal(Problem.of(bad.fault(), bad.detail()), true);
        } catch (RequestException | HttpException e) {
            throw statusOf(e).equals(Status.REQUEST_ENTITY_TOO_LARGE_413) ? tooLarge(maxBytes) : e;
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private static Status statusOf(RuntimeException e) {
        return switch (e) {
            case RequestException r -> r.status();
            case HttpException h -> h.status();
            default -> Status.INTERNAL_SERVER_ERROR_500;
        };
    }

    private static Refusal tooLarge(int maxBytes) {
        return new Refusal(
                Problem.of(Fault.BODY_TOO_LARGE, "The body is larger than the limit of " + maxBytes + " bytes."), true);
    }

    @Override
    public void close() {
        budget.leave(charged);
        charged = 0;
    }
}
