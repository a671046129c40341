package io.jofka.api.batch;

/** A compression format over arrays. Stateless and thread-safe. */
sealed interface Codec permits GzipCodec, SnappyCodec, Lz4Codec, ZstdCodec {
    /** The codec of a compression other than {@code NONE}. */
    static Codec of(Compression compression) {
        return switch (compression) {
            case NONE -> throw new IllegalArgumentException("no codec for uncompressed records");
            case GZIP -> GzipCodec.INSTANCE;
            case SNAPPY -> SnappyCodec.INSTANCE;
            case LZ4 -> Lz4Codec.INSTANCE;
            case ZSTD -> ZstdCodec.INSTANCE;
        };
    }

    /** The most bytes that {@code count} bytes can become. */
    int maxDeflated(int count);

    /**
     * Compresses into {@code out} from {@code outFrom} on, where {@link #maxDeflated} bytes must be free.
     *
     * @param level the codec's level, -1 for its default
     * @return the number of bytes written
     */
    int deflate(byte[] in, int from, int count, byte[] out, int outFrom, int level);

    /**
     * Inflates all of the given bytes.
     *
     * @throws BadBatch if they are no such stream, or do not end where it ends, or inflate beyond the limit
     */
    void inflate(byte[] in, int from, int count, Inflated out);
}
