package io.jofka.api.batch;

import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import net.jpountz.lz4.LZ4Compressor;
import net.jpountz.lz4.LZ4Exception;
import net.jpountz.lz4.LZ4Factory;
import net.jpountz.lz4.LZ4SafeDecompressor;
import net.jpountz.xxhash.XXHash32;
import net.jpountz.xxhash.XXHashFactory;

/**
 * The LZ4 frame format (version 1.6 of its description) with independent blocks, which is all that Kafka reads. Written
 * as Kafka writes it: blocks of 64 KiB, no checksums but the header's. Read with any block size; all checksums that are
 * there are verified.
 */
final class Lz4Codec implements Codec {
    static final Lz4Codec INSTANCE = new Lz4Codec();

    private static final int MAGIC = 0x184D2204;
    private static final int HEADER = 7;
    private static final int BLOCK = 64 * 1024;
    private static final int RAW_BLOCK_FLAG = 0x8000_0000;
    /** Version 01, independent blocks. */
    private static final int FLAGS = 0x60;
    /** Blocks of at most 64 KiB. */
    private static final int BLOCK_DESCRIPTOR = 0x40;

    private static final int VERSION_MASK = 0xc0;
    private static final int VERSION = 0x40;
    private static final int INDEPENDENT_FLAG = 0x20;
    private static final int BLOCK_CHECKSUM_FLAG = 0x10;
    private static final int CONTENT_SIZE_FLAG = 0x08;
    private static final int CONTENT_CHECKSUM_FLAG = 0x04;
    private static final int RESERVED_OR_DICTIONARY = 0x03;
    /** No byte of a block makes more than 255 bytes; the rest is for the last literals. */
    private static final int MAX_RATIO = 255;

    /** What a block of usual data inflates to at most. */
    private static final int LIKELY_RATIO = 8;

    private static final int FAST_LEVEL = 9;

    private final LZ4Factory factory = LZ4Factory.fastestInstance();
    private final LZ4SafeDecompressor decompressor = factory.safeDecompressor();
    private final XXHash32 hash = XXHashFactory.fastestInstance().hash32();

    private Lz4Codec() {}

    @Override
    public int maxDeflated(int count) {
        // a block that does not shrink is stored raw; the compressor may use more room before that shows
        long blocks = count / BLOCK + 1L;
        int slack = factory.fastCompressor().maxCompressedLength(BLOCK) - BLOCK;
        return Math.toIntExact(HEADER + count + 4 * blocks + slack + 4);
    }

    @Override
    public int deflate(byte[] in, int from, int count, byte[] out, int outFrom, int level) {
        // -1 and 9 are the fast compressor, as in Kafka; any other level is the slow, denser one
        LZ4Compressor compressor =
                level == -1 || level == FAST_LEVEL ? factory.fastCompressor() : factory.highCompressor(level);
        ByteBuffer target = ByteBuffer.wrap(out).order(ByteOrder.LITTLE_ENDIAN);
        target.putInt(outFrom, MAGIC);
        out[outFrom + 4] = FLAGS;
        out[outFrom + 5] = BLOCK_DESCRIPTOR;
        out[outFrom + 6] = (byte) (hash.hash(out, outFrom + 4, 2, 0) >>> 8);
        int at = outFrom + HEADER;
        for (int done = 0; done < count; done += BLOCK) {
            int block = Math.min(BLOCK, count - done);
            int size = compressor.compress(in, from + done, block, out, at + 4);
            if (size < block) {
                target.putInt(at, size);
                at += 4 + size;
            } else {
                target.putInt(at, block | RAW_BLOCK_FLAG);
                System.arraycopy(in, from + done, out, at + 4, block);
                at += 4 + block;
            }
        }
        target.putInt(at, 0);
        return at + 4 - outFrom;
    }

    @Override
    public void inflate(byte[] in, int from, int count, Inflated out) {
        try {
            new Frame(in, from, count, out).read();
        } catch (LZ4Exception e) {
            throw BadBatch.corrupt("A block of the LZ4 frame is damaged: " + e.getMessage() + ".");
        }
    }

    /** One frame being read; {@code in} stands at its first byte and ends where it must end. */
    private final class Frame {
        private final byte[] bytes;
        private final ByteBuffer in;
        private final Inflated out;

        Frame(byte[] bytes, int from, int count, Inflated out) {
            this.bytes = bytes;
            this.in = ByteBuffer.wrap(bytes, from, count).order(ByteOrder.LITTLE_ENDIAN);
            this.out = out;
        }

        void read() {
            need(HEADER);
            if (in.getInt() != MAGIC) {
                throw BadBatch.corrupt("The records are no LZ4 frame.");
            }
            int headerFrom = in.position();
            int flags = in.get() & 0xff;
            int maxBlock = maxBlockOf(in.get() & 0xff);
            if ((flags & VERSION_MASK) != VERSION || (flags & RESERVED_OR_DICTIONARY) != 0) {
                throw BadBatch.corrupt("The LZ4 frame has flags that are not supported.");
            }
            if ((flags & INDEPENDENT_FLAG) == 0) {
                throw BadBatch.corrupt("The blocks of the LZ4 frame depend on each other, which is not supported.");
            }
            long contentSize = -1;
            if ((flags & CONTENT_SIZE_FLAG) != 0) {
                need(8);
                contentSize = in.getLong();
            }
            int headerHash = hash.hash(bytes, headerFrom, in.position() - headerFrom, 0) >>> 8;
            need(1);
            if ((byte) headerHash != in.get()) {
                throw BadBatch.corrupt("The header checksum of the LZ4 frame is wrong.");
            }
            blocks(maxBlock, (flags & BLOCK_CHECKSUM_FLAG) != 0);
            if ((flags & CONTENT_CHECKSUM_FLAG) != 0) {
                need(4);
                if (in.getInt() != hash.hash(out.bytes(), 0, out.size(), 0)) {
                    throw BadBatch.corrupt("The content checksum of the LZ4 frame is wrong.");
                }
            }
            if (contentSize >= 0 && contentSize != out.size()) {
                throw BadBatch.corrupt("The LZ4 frame does not hold as many bytes as it declares.");
            }
            if (in.hasRemaining()) {
                throw BadBatch.corrupt("Bytes follow the end of the LZ4 frame.");
            }
        }

        private void blocks(int maxBlock, boolean checksums) {
            out.roomFor(likelySize(maxBlock, checksums ? 4 : 0));
            while (true) {
                need(4);
                int word = in.getInt();
                if (word == 0) {
                    return;
                }
                int size = word & ~RAW_BLOCK_FLAG;
                if (size == 0 || size > maxBlock) {
                    throw BadBatch.corrupt("A block of the LZ4 frame declares " + size + " bytes.");
                }
                need(size);
                int at = in.position();
                if ((word & RAW_BLOCK_FLAG) != 0) {
                    out.require(size);
                    System.arraycopy(bytes, at, out.bytes(), out.size(), size);
                    out.advance(size);
                } else {
                    deflatedBlock(at, size, maxBlock);
                }
                in.position(at + size);
                if (checksums) {
                    need(4);
                    if (in.getInt() != hash.hash(bytes, at, size, 0)) {
                        throw BadBatch.corrupt("A block checksum of the LZ4 frame is wrong.");
                    }
                }
            }
        }

        /** Tries the room there is, if it is likely to do, before more is taken. */
        private void deflatedBlock(int at, int size, int maxBlock) {
            int most = (int) Math.min(maxBlock, (long) size * MAX_RATIO);
            int likely = (int) Math.min(most, (long) size * LIKELY_RATIO);
            out.roomFor(likely);
            int room = Math.min(most, out.free());
            try {
                out.advance(decompressor.decompress(bytes, at, size, out.bytes(), out.size(), room));
            } catch (LZ4Exception e) {
                if (room == most) {
                    throw e;
                }
                out.roomFor(most);
                retry(at, size, most);
            }
        }

        private void retry(int at, int size, int most) {
            int room = Math.min(most, out.free());
            try {
                out.advance(decompressor.decompress(bytes, at, size, out.bytes(), out.size(), room));
            } catch (LZ4Exception e) {
                throw room < most ? out.tooLarge() : e;
            }
        }

        /** All blocks but the last are mostly full. A wrong size ends the walk; reading finds it again. */
        private int likelySize(int maxBlock, int extra) {
            long likely = 0;
            int at = in.position();
            while (in.limit() - at >= 4) {
                int size = in.getInt(at) & ~RAW_BLOCK_FLAG;
                if (size == 0 || size > in.limit() - at - 4) {
                    break;
                }
                at += 4 + size + extra;
                boolean last = in.limit() - at < 4 || in.getInt(at) == 0;
                likely += Math.min(maxBlock, (long) size * (last ? LIKELY_RATIO : MAX_RATIO));
            }
            return (int) Math.min(Integer.MAX_VALUE, likely);
        }

        private void need(int bytes) {
            if (in.remaining() < bytes) {
                throw BadBatch.corrupt("The LZ4 frame ends before its end mark.");
            }
        }

        private static int maxBlockOf(int descriptor) {
            int code = descriptor >>> 4;
            if ((descriptor & 0x8f) != 0 || code < 4) {
                throw BadBatch.corrupt("The LZ4 frame has a block size that is not supported.");
            }
            return 1 << (8 + 2 * code);
        }
    }
}
