package io.jofka.api.batch;

import java.util.Locale;
import java.util.Optional;

/** The codecs of record batches; the id is the value of the three lowest attribute bits. */
public enum Compression {
    NONE(0),
    GZIP(1),
    SNAPPY(2),
    LZ4(3),
    ZSTD(4);

    private static final Compression[] ALL = values();

    private final int id;

    Compression(int id) {
        this.id = id;
    }

    public int id() {
        return id;
    }

    /** The name used in {@code compression.type}. */
    public String configName() {
        return name().toLowerCase(Locale.ROOT);
    }

    public static Optional<Compression> byId(int id) {
        return id >= 0 && id < ALL.length ? Optional.of(ALL[id]) : Optional.empty();
    }

    /** The codec of that {@link #configName}, if there is one ({@code producer} and {@code uncompressed} are not codecs). */
    public static Optional<Compression> byConfigName(String name) {
        for (Compression compression : ALL) {
            if (compression.configName().equals(name)) {
                return Optional.of(compression);
            }
        }
        return Optional.empty();
    }
}
