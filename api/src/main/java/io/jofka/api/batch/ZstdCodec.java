package io.jofka.api.batch;

import com.github.luben.zstd.Zstd;
import com.github.luben.zstd.ZstdCompressCtx;
import com.github.luben.zstd.ZstdDecompressCtx;
import com.github.luben.zstd.ZstdException;

/**
 * Zstandard (RFC 8878). Inflates in one shot with the output as window, so that the window size a hostile frame claims
 * costs nothing; senders rarely state the content size, so the output grows fourfold until it fits.
 */
final class ZstdCodec implements Codec {
    static final ZstdCodec INSTANCE = new ZstdCodec();

    private static final int DEFAULT_LEVEL = 3;

    private ZstdCodec() {}

    @Override
    public int maxDeflated(int count) {
        return Math.toIntExact(Zstd.compressBound(count));
    }

    @Override
    public int deflate(byte[] in, int from, int count, byte[] out, int outFrom, int level) {
        try (ZstdCompressCtx context = new ZstdCompressCtx()) {
            context.setLevel(level == -1 ? DEFAULT_LEVEL : level);
            return context.compressByteArray(out, outFrom, out.length - outFrom, in, from, count);
        }
    }

    @Override
    public void inflate(byte[] in, int from, int count, Inflated out) {
        try (ZstdDecompressCtx context = new ZstdDecompressCtx()) {
            out.roomFor(4 * Math.min(count, 1 << 20));
            while (true) {
                try {
                    out.advance(context.decompressByteArray(out.bytes(), 0, out.bytes().length, in, from, count));
                    return;
                } catch (ZstdException e) {
                    if (e.getErrorCode() != Zstd.errDstSizeTooSmall()) {
                        throw BadBatch.corrupt("The records are no whole zstd stream: " + e.getMessage() + ".");
                    }
                    if (out.bytes().length == out.limit()) {
                        throw out.tooLarge();
                    }
                    out.roomFor((int) Math.min(Integer.MAX_VALUE, 4L * out.bytes().length));
                }
            }
        }
    }
}
