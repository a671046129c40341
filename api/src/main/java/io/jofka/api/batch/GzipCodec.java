package io.jofka.api.batch;

import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.util.zip.CRC32;
import java.util.zip.Deflater;
import java.util.zip.GZIPInputStream;

/** gzip (RFC 1952) by the JDK. */
final class GzipCodec implements Codec {
    static final GzipCodec INSTANCE = new GzipCodec();

    private static final int HEADER = 10;
    private static final int TRAILER = 8;

    private GzipCodec() {}

    @Override
    public int maxDeflated(int count) {
        // deflate falls back to stored blocks; zlib's own bound for the default window and memory level
        long bound = (long) count + (count >> 12) + (count >> 14) + (count >> 25) + 13 + HEADER + TRAILER;
        return Math.toIntExact(bound);
    }

    @Override
    public int deflate(byte[] in, int from, int count, byte[] out, int outFrom, int level) {
        int at = outFrom;
        out[at++] = 0x1f;
        out[at++] = (byte) 0x8b;
        out[at++] = Deflater.DEFLATED;
        for (int i = 0; i < 6; i++) {
            out[at++] = 0; // flags, time, extra flags
        }
        out[at++] = (byte) 0xff; // operating system unknown
        Deflater deflater = new Deflater(level, true);
        try {
            deflater.setInput(in, from, count);
            deflater.finish();
            while (!deflater.finished()) {
                int written = deflater.deflate(out, at, out.length - at - TRAILER);
                if (written == 0 && !deflater.finished()) {
                    throw new IllegalStateException("the gzip bound was too small for " + count + " bytes");
                }
                at += written;
            }
        } finally {
            deflater.end();
        }
        CRC32 crc = new CRC32();
        crc.update(in, from, count);
        at = putLittleEndian(out, at, (int) crc.getValue());
        at = putLittleEndian(out, at, count);
        return at - outFrom;
    }

    private static int putLittleEndian(byte[] out, int at, int value) {
        for (int shift = 0; shift < 32; shift += 8) {
            out[at++] = (byte) (value >>> shift);
        }
        return at;
    }

    @Override
    public void inflate(byte[] in, int from, int count, Inflated out) {
        try (GZIPInputStream stream = new GZIPInputStream(new ByteArrayInputStream(in, from, count), 2048)) {
            out.roomFor(4 * Math.min(count, 1 << 20));
            out.fill(stream);
        } catch (IOException e) {
            throw BadBatch.corrupt("The records are no whole gzip stream: " + e.getMessage() + ".");
        }
    }
}
