package io.jofka.node.rest.transport;

import io.helidon.http.HttpException;
import io.helidon.http.Status;
import java.io.FilterInputStream;
import java.io.IOException;
import java.io.InputStream;

/**
 * A request's body under watch. The web server's own failures to parse chunk sizes become what they are: a bad request.
 * One thread.
 */
final class WatchedBody extends FilterInputStream {
    private final Watched connection;

    WatchedBody(InputStream in, Watched connection) {
        super(in);
        this.connection = connection;
    }

    @Override
    public int read() throws IOException {
        connection.begin();
        int got = -1;
        try {
            got = in.read();
            return got;
        } catch (NumberFormatException e) {
            throw bad(e);
        } finally {
            connection.end(got < 0 ? 0 : 1);
        }
    }

    @Override
    public int read(byte[] target, int offset, int length) throws IOException {
        connection.begin();
        int got = -1;
        try {
            got = in.read(target, offset, length);
            return got;
        } catch (NumberFormatException e) {
            throw bad(e);
        } finally {
            connection.end(got);
        }
    }

    private static HttpException bad(NumberFormatException cause) {
        return new HttpException(
                "The size of a chunk is not a hexadecimal number.", Status.BAD_REQUEST_400, cause, false);
    }
}
