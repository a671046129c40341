package io.jofka.node.storage;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.file.Path;
import java.util.OptionalLong;

/**
 * The two durable notes a log may have beside its segments, each one offset: {@code start}, below which nothing may be
 * read any more, and {@code truncated}, the lowest end the log was cut to since the last checkpoint, so that what that
 * checkpoint says of offsets above is not believed.
 */
final class Notes {
    private static final int KIND = 0x4a464e4f;
    private static final int VERSION = 1;

    private Notes() {}

    static void write(LogPaths paths, String name, long offset) {
        try {
            Checked.replace(
                    paths.context().disk(),
                    paths.file(name),
                    KIND,
                    VERSION,
                    ByteBuffer.allocate(8).putLong(offset).flip());
        } catch (IOException failure) {
            throw paths.writeFailed("the note '" + name + "'", failure);
        }
    }

    /** Empty when there is none, or it is damaged (it is replaced atomically, so that is not a crash's doing). */
    static OptionalLong read(LogPaths paths, String name) throws IOException {
        Path path = paths.file(name);
        return Checked.read(paths.context().disk(), path, KIND, VERSION)
                .map(content -> OptionalLong.of(content.getLong()))
                .orElse(OptionalLong.empty());
    }
}
