package io.jofka.api.batch;

import com.github.luben.zstd.RecyclingBufferPool;
import com.github.luben.zstd.Zstd;
import com.github.luben.zstd.ZstdCompressCtx;
import com.github.luben.zstd.ZstdInputStreamNoFinalizer;
import java.io.ByteArrayInputStream;
import java.io.IOException;

/**
 * Zstandard (RFC 8878). Inflates by the streaming decoder although all bytes are there: the one-shot decoder ignores the
 * window size of a frame and so would let frames into the log that consumers, which stream, refuse. The window (at most
 * 128 MiB by the library's default) is address space that is touched only as far as bytes come out.
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
        try (ZstdInputStreamNoFinalizer stream = new ZstdInputStreamNoFinalizer(
                new ByteArrayInputStream(in, from, count), RecyclingBufferPool.INSTANCE)) {
            // what a frame states about its content is believed up to a point; most senders do not state it
            long stated = Zstd.getFrameContentSize(in, from, count);
            int guess = Math.min(count, 1 << 20);
            out.roomFor(stated > 0 && stated <= 16L * guess ? (int) stated : 4 * guess);
            out.fill(stream);
        } catch (IOException e) {
            throw BadBatch.corrupt("The records are no whole zstd stream: " + e.getMessage() + ".");
        }
    }
}
