package io.jofka.node.storage;

import io.jofka.node.common.DiskFullException;
import io.jofka.node.common.TopicPartition;
import java.io.IOException;
import java.nio.file.Path;
import java.util.Locale;

/**
 * Where the files of one log are: {@code <root>/<topic id>-<partition>/}. Paths are made when needed: ten thousand idle
 * logs do not hold them. A topic's name is never part of a path (A24).
 */
record LogPaths(LogContext context, TopicPartition partition) {
    static final String LOG = ".log";
    static final String INDEX = ".index";
    static final String SNAPSHOT = ".snapshot";
    static final String CLEANED = ".cleaned";
    static final String SWAP = ".swap";
    static final String TEMPORARY = ".tmp";
    static final String START = "start";
    static final String TRUNCATED = "truncated";
    static final String ABORTED = "aborted";

    /** A log directory that is being removed has this behind its name. */
    static final String DELETED = ".deleted";

    Path directory() {
        return context.root().resolve(partition.toString());
    }

    Path file(String name) {
        return directory().resolve(name);
    }

    Path log(long baseOffset) {
        return file(name(baseOffset, LOG));
    }

    Path index(long baseOffset) {
        return file(name(baseOffset, INDEX));
    }

    static String name(long offset, String suffix) {
        return String.format(Locale.ROOT, "%020d", offset) + suffix;
    }

    /** The offset in a name that {@link #name} made, or -1. */
    static long offsetOf(String name, String suffix) {
        if (name.length() != 20 + suffix.length() || !name.endsWith(suffix)) {
            return -1;
        }
        long offset = 0;
        for (int i = 0; i < 20; i++) {
            int digit = name.charAt(i) - '0';
            if (digit < 0 || digit > 9 || offset > (Long.MAX_VALUE - digit) / 10) {
                return -1;
            }
            offset = offset * 10 + digit;
        }
        return offset;
    }

    /** What a failed write means: a full disk can be undone, all else ends the directory. */
    StorageFailure writeFailed(String action, IOException cause) {
        return cause instanceof DiskFullException
                ? DirectoryHealth.full("No space left for " + action + " of " + partition, cause)
                : context.health().broken(action + " of " + partition, cause);
    }
}
