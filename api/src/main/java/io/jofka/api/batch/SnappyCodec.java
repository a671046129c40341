package io.jofka.api.batch;

import java.io.IOException;
import org.jspecify.annotations.Nullable;
import org.xerial.snappy.Snappy;

/**
 * Snappy in the frame of snappy-java, which Kafka's own clients write: a header of 16 bytes, then blocks, each behind
 * its compressed size. Raw Snappy without that frame, which librdkafka writes, is read as well.
 */
final class SnappyCodec implements Codec {
    static final SnappyCodec INSTANCE = new SnappyCodec();

    private static final byte[] MAGIC = {(byte) 0x82, 'S', 'N', 'A', 'P', 'P', 'Y', 0};
    private static final int HEADER = 16;
    private static final int BLOCK = 32 * 1024;
    /** No element of the format makes more than 64 bytes of three; one more for the first, short element. */
    private static final int MAX_RATIO = 64;

    private SnappyCodec() {}

    @Override
    public int maxDeflated(int count) {
        int blocks = count / BLOCK + 1;
        return Math.toIntExact(HEADER + (long) blocks * (4 + Snappy.maxCompressedLength(BLOCK)));
    }

    @Override
    public int deflate(byte[] in, int from, int count, byte[] out, int outFrom, int level) {
        System.arraycopy(MAGIC, 0, out, outFrom, MAGIC.length);
        putInt(out, outFrom + 8, 1); // version
        putInt(out, outFrom + 12, 1); // oldest version that can read it
        int at = outFrom + HEADER;
        try {
            for (int done = 0; done < count; done += BLOCK) {
                int block = Math.min(BLOCK, count - done);
                int size = Snappy.compress(in, from + done, block, out, at + 4);
                putInt(out, at, size);
                at += 4 + size;
            }
        } catch (IOException e) {
            throw new IllegalStateException("snappy cannot compress", e);
        }
        return at - outFrom;
    }

    @Override
    public void inflate(byte[] in, int from, int count, Inflated out) {
        if (!isFramed(in, from, count)) {
            block(in, from, count, out);
            return;
        }
        out.roomFor(blocks(in, from, count, null));
        blocks(in, from, count, out);
    }

    /** Walks the blocks: inflates them, or without {@code out} only adds up what they declare, as far as that can be. */
    private static int blocks(byte[] in, int from, int count, @Nullable Inflated out) {
        int end = from + count;
        int at = from + HEADER;
        long declared = 0;
        while (at < end) {
            if (end - at < 4) {
                throw BadBatch.corrupt("The snappy stream ends within the size of a block.");
            }
            int size = getInt(in, at);
            at += 4;
            if (size < 0 || size > end - at) {
                throw BadBatch.corrupt("A snappy block declares " + size + " bytes; " + (end - at) + " are left.");
            }
            if (out == null) {
                declared += inflatedSize(in, at, size);
            } else {
                block(in, at, size, out);
            }
            at += size;
        }
        return (int) Math.min(Integer.MAX_VALUE, declared);
    }

    private static boolean isFramed(byte[] in, int from, int count) {
        if (count < HEADER) {
            return false;
        }
        for (int i = 0; i < MAGIC.length; i++) {
            if (in[from + i] != MAGIC[i]) {
                return false;
            }
        }
        return true;
    }

    private static void block(byte[] in, int from, int count, Inflated out) {
        int inflated = inflatedSize(in, from, count);
        out.require(inflated);
        try {
            out.advance(Snappy.uncompress(in, from, count, out.bytes(), out.size()));
        } catch (IOException e) {
            throw damaged(e);
        }
    }

    /** What the block says it holds; refused if it cannot. */
    private static int inflatedSize(byte[] in, int from, int count) {
        try {
            int inflated = count == 0 ? -1 : Snappy.uncompressedLength(in, from, count);
            if (inflated < 0 || inflated / MAX_RATIO > count) {
                throw BadBatch.corrupt("A snappy block of " + count + " bytes declares " + inflated + " bytes inside.");
            }
            return inflated;
        } catch (IOException e) {
            throw damaged(e);
        }
    }

    private static BadBatch damaged(IOException e) {
        return BadBatch.corrupt("The records are no whole snappy stream: " + e.getMessage() + ".");
    }

    private static void putInt(byte[] out, int at, int value) {
        for (int i = 0; i < 4; i++) {
            out[at + i] = (byte) (value >>> (24 - 8 * i));
        }
    }

    private static int getInt(byte[] in, int at) {
        return in[at] << 24 | (in[at + 1] & 0xff) << 16 | (in[at + 2] & 0xff) << 8 | (in[at + 3] & 0xff);
    }
}
