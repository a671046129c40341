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
                LogDirectory.partitionOf(name).ifPresent(found::add);
            }
        }
        List<TopicPartition> missing = new ArrayList<>(states.keySet());
        missing.removeAll(found);
        states.keySet().retainAll(found);
        // folders made just before the crash
        disk.forceDirectory(root);
        return new Inventory(false, number, states, found, missing);
    }
}
