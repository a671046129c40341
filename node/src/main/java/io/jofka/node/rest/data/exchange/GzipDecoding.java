package io.jofka.node.rest.data.exchange;

import io.helidon.http.encoding.ContentDecoder;
import io.helidon.http.encoding.ContentEncoder;
import io.helidon.http.encoding.ContentEncoding;
import io.helidon.http.encoding.ContentEncodingContext;
import io.jofka.api.fault.Fault;
import java.io.EOFException;
import java.io.IOException;
import java.io.InputStream;
import java.util.Set;
import java.util.zip.GZIPInputStream;
import java.util.zip.ZipException;
import org.jspecify.annotations.Nullable;

/**
 * Inflates {@code Content-Encoding: gzip} bodies for the whole listener, with a cap on the ratio (RFC 9110 8.4.1).
 * Answers are not encoded. Encodings that are well known but not served are let through to the services, which refuse
 * them by name; the server itself would close with an empty 400. Thread-safe.
 */
public final class GzipDecoding implements ContentEncoding {
    /** Always allowed, whatever the ratio: small bodies of like records deflate very well. */
    private static final long FREE_BYTES = 1 << 20;

    private static final int BUFFER_BYTES = 16 << 10;

    private final int maxRatio;

    public GzipDecoding(DataLimits limits) {
        this.maxRatio = limits.maxInflationRatio();
    }

    /** What the listener needs: this decoder and the refusals, nothing discovered. */
    public static ContentEncodingContext context(DataLimits limits) {
        return ContentEncodingContext.builder()
                .contentEncodingsDiscoverServices(false)
                .addContentEncoding(new GzipDecoding(limits))
                .addContentEncoding(new Refused())
                .build();
    }

    @Override
    public Set<String> ids() {
        return Set.of("gzip", "x-gzip", "GZIP");
    }

    @Override
    public boolean supportsEncoding() {
        return false;
    }

    @Override
    public boolean supportsDecoding() {
        return true;
    }

    @Override
    public ContentDecoder decoder() {
        return in -> new Inflating(in, maxRatio);
    }

    @Override
    public ContentEncoder encoder() {
        return ContentEncoder.NO_OP;
    }

    @Override
    public String name() {
        return "gzip";
    }

    @Override
    public String type() {
        return "gzip";
    }

    /** Encodings that are understood well enough to say no. */
    private static final class Refused implements ContentEncoding {
        @Override
        public Set<String> ids() {
            return Set.of("br", "deflate", "zstd", "compress", "x-compress", "lz4", "snappy", "gzip, gzip", "none");
        }

        @Override
        public boolean supportsEncoding() {
            return false;
        }

        @Override
        public boolean supportsDecoding() {
            return true;
        }

        @Override
        public ContentDecoder decoder() {
            return in -> new InputStream() {
                @Override
                public int read() throws IOException {
                    return read(new byte[1], 0, 1);
                }

                @Override
                public int read(byte[] target, int from, int size) throws IOException {
                    throw new BadEncoding(
                            Fault.UNSUPPORTED_MEDIA_TYPE, "Content-Encoding is not supported; use gzip or identity.");
                }
            };
        }

        @Override
        public ContentEncoder encoder() {
            return ContentEncoder.NO_OP;
        }

        @Override
        public String name() {
            return "refused";
        }

        @Override
        public String type() {
            return "refused";
        }
    }

    /** Counts what goes in and what comes out. */
    private static final class Inflating extends InputStream {
        private final Counting source;
        private final int maxRatio;
        private @Nullable GZIPInputStream gzip;
        private long inflated;

        Inflating(InputStream source, int maxRatio) {
            this.source = new Counting(source);
            this.maxRatio = maxRatio;
        }

        @Override
        public int read() throws IOException {
            byte[] one = new byte[1];
            return read(one, 0, 1) < 0 ? -1 : one[0] & 0xff;
        }

        @Override
        public int read(byte[] target, int from, int size) throws IOException {
            try {
                GZIPInputStream open = gzip;
                if (open == null) {
                    // only now, since opening reads
                    open = new GZIPInputStream(source, BUFFER_BYTES);
                    gzip = open;
                }
                int count = open.read(target, from, size);
                inflated += Math.max(0, count);
                if (inflated > FREE_BYTES && inflated / Math.max(1, source.count) > maxRatio) {
                    throw new BadEncoding(
                            Fault.BODY_TOO_LARGE, "The body inflates to more than " + maxRatio + " times its size.");
                }
                return count;
            } catch (BadEncoding e) {
                throw e;
            } catch (ZipException | EOFException e) {
                throw new BadEncoding(Fault.MALFORMED_REQUEST, "The body is not whole, valid gzip.");
            }
        }

        @Override
        public void close() throws IOException {
            source.close();
        }
    }

    /** Counts the bytes that the inflater took. */
    private static final class Counting extends InputStream {
        private final InputStream source;
        private long count;

        Counting(InputStream source) {
            this.source = source;
        }

        @Override
        public int read() throws IOException {
            int value = source.read();
            count += value < 0 ? 0 : 1;
            return value;
        }

        @Override
        public int read(byte[] target, int from, int size) throws IOException {
            int read = source.read(target, from, size);
            count += Math.max(0, read);
            return read;
        }

        @Override
        public int available() throws IOException {
            return source.available();
        }

        @Override
        public void close() throws IOException {
            source.close();
        }
    }
}
