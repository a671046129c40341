package io.jofka.node.storage;

import io.jofka.node.common.Disk;
import io.jofka.node.common.TopicPartition;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.file.Path;
import java.util.Collection;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;

/**
 * The one file that holds the state of all logs of a directory, and the mark that says that it is the last word: after a
 * clean stop ten thousand logs open without a look at their folders. Both are replaced atomically and checked by CRC.
 *
 * @param number rises with each; the mark of a clean stop names it
 */
record Checkpoint(long number, Map<TopicPartition, LogState> logs) {
    private static final int KIND = 0x4a46434b;
    private static final int CLEAN_KIND = 0x4a46434c;
    private static final int VERSION = 1;
    private static final String FILE = "checkpoint";
    private static final String CLEAN = "clean";

    static void write(Disk disk, Path root, long number, Collection<LogState> states) throws IOException {
        long size = 12;
        for (LogState state : states) {
            size += state.sizeBytes();
        }
        ByteBuffer content = ByteBuffer.allocate(Math.toIntExact(size));
        content.putLong(number).putInt(states.size());
        states.forEach(state -> state.write(content));
        Checked.replace(disk, root.resolve(FILE), KIND, VERSION, content.flip());
    }

    /** The checkpoint, empty when absent or damaged: then all is found by looking. */
    static Optional<Checkpoint> read(Disk disk, Path root) throws IOException {
        return Checked.read(disk, root.resolve(FILE), KIND, VERSION).map(in -> {
            long number = in.getLong();
            int count = in.getInt();
            Map<TopicPartition, LogState> logs = HashMap.newHashMap(count);
            for (int i = 0; i < count; i++) {
                LogState state = LogState.read(in);
                logs.put(state.partition(), state);
            }
            return new Checkpoint(number, logs);
        });
    }

    static void markClean(Disk disk, Path root, long number) throws IOException {
        Checked.replace(
                disk,
                root.resolve(CLEAN),
                CLEAN_KIND,
                VERSION,
                ByteBuffer.allocate(8).putLong(number).flip());
    }

    /** Number of the checkpoint that was the last word, if the stop was clean; the mark is gone, durably, on return. */
    static Optional<Long> takeCleanMark(Disk disk, Path root) throws IOException {
        Optional<Long> number =
                Checked.read(disk, root.resolve(CLEAN), CLEAN_KIND, VERSION).map(ByteBuffer::getLong);
        disk.deleteIfExists(root.resolve(CLEAN));
        disk.forceDirectory(root);
        return number;
    }
}
