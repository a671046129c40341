package io.jofka.node.storage;

import io.jofka.node.common.Disk;
import io.jofka.node.common.TopicPartition;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.UUID;

/**
 * What a log directory holds when it is opened: from the checkpoint alone after a clean stop, else from the folders.
 *
 * @param missing in the checkpoint but not on the disk
 */
record Inventory(
        boolean clean,
        long checkpointNumber,
        Map<TopicPartition, LogState> states,
        Set<TopicPartition> partitions,
        List<TopicPartition> missing) {

    static Inventory take(Disk disk, Path root) throws IOException {
        Optional<Checkpoint> checkpoint = Checkpoint.read(disk, root);
        Optional<Long> mark = Checkpoint.takeCleanMark(disk, root);
        long number = checkpoint.map(Checkpoint::number).orElse(0L);
        Map<TopicPartition, LogState> states =
                new HashMap<>(checkpoint.map(Checkpoint::logs).orElse(Map.of()));
        if (checkpoint.isPresent() && mark.isPresent() && mark.get() == number) {
            return new Inventory(true, number, states, new HashSet<>(states.keySet()), List.of());
        }
        Set<TopicPartition> found = new HashSet<>();
        for (String name : disk.list(root)) {
            if (name.endsWith(LogPaths.DELETED)) {
                disk.deleteTree(root.resolve(name));
            } else {
                partitionOf(name).ifPresent(found::add);
            }
        }
        List<TopicPartition> missing = new ArrayList<>(states.keySet());
        missing.removeAll(found);
        states.keySet().retainAll(found);
        // folders made just before the crash
        disk.forceDirectory(root);
        return new Inventory(false, number, states, found, missing);
    }

    /** The log that a folder of this name holds. */
    static Optional<TopicPartition> partitionOf(String name) {
        int dash = name.lastIndexOf('-');
        if (dash != 36 || name.length() < 38 || name.length() > 47) {
            return Optional.empty();
        }
        try {
            TopicPartition partition =
                    new TopicPartition(UUID.fromString(name.substring(0, 36)), Integer.parseInt(name.substring(37)));
            return partition.toString().equals(name) ? Optional.of(partition) : Optional.empty();
        } catch (IllegalArgumentException notOurs) {
            return Optional.empty();
        }
    }
}
