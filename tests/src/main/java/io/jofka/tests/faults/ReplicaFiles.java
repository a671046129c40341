package io.jofka.tests.faults;

import io.jofka.tests.harness.Await;
import io.jofka.tests.harness.ClusterProcess;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.ByteBuffer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import java.util.zip.CRC32C;

/**
 * The record batches in the log files of each replica, to see whether all replicas are the same byte for byte (A5, A20).
 * Segments may be rolled at different places, so the batches of all files of a partition are put in a row.
 */
final class ReplicaFiles {
    private static final Duration DEADLINE = Duration.ofSeconds(30);
    private static final int HEAD = 12;

    private ReplicaFiles() {}

    /** Where a batch begins, and a checksum of all its bytes. */
    private record Batch(long baseOffset, long sum) {}

    /** Awaits that all replicas have the same batches; empty when they do, or what differs. */
    static List<String> differences(ClusterProcess cluster, String topic, int partitions) {
        String id = cluster.node(cluster.ids().getFirst())
                .api()
                .get("/topics/" + topic)
                .orFail()
                .json()
                .get("id")
                .asText();
        List<String> found = new ArrayList<>();
        for (int partition = 0; partition < partitions; partition++) {
            String folder = id + "-" + partition;
            if (!Await.within(DEADLINE, () -> distinct(cluster, folder) == 1)) {
                found.add(describe(topic + "/" + folder, all(cluster, folder)));
            }
        }
        return found;
    }

    private static long distinct(ClusterProcess cluster, String folder) {
        return all(cluster, folder).values().stream().distinct().count();
    }

    private static Map<Integer, List<Batch>> all(ClusterProcess cluster, String folder) {
        Map<Integer, List<Batch>> all = new TreeMap<>();
        for (int node : cluster.ids()) {
            all.put(node, batches(cluster.options(node).data().resolve("log").resolve(folder)));
        }
        return all;
    }

    private static String describe(String partition, Map<Integer, List<Batch>> all) {
        return partition + " differs: "
                + all.entrySet().stream()
                        .map(entry -> "node " + entry.getKey() + " has "
                                + entry.getValue().size() + " batches, the first that not all have is "
                                + entry.getValue().stream()
                                        .filter(batch ->
                                                !all.values().stream().allMatch(other -> other.contains(batch)))
                                        .findFirst())
                        .collect(Collectors.joining("; "));
    }

    private static List<Batch> batches(Path folder) {
        if (!Files.isDirectory(folder)) {
            return List.of();
        }
        try (Stream<Path> files = Files.list(folder)) {
            List<Batch> batches = new ArrayList<>();
            for (Path file : files.filter(path -> path.toString().endsWith(".log"))
                    .sorted()
                    .toList()) {
                read(ByteBuffer.wrap(Files.readAllBytes(file)), batches);
            }
            return batches;
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** Batches begin with their base offset and the length of what follows; what is no batch ends the file. */
    private static void read(ByteBuffer bytes, List<Batch> into) {
        while (bytes.remaining() >= HEAD) {
            int length = bytes.getInt(bytes.position() + Long.BYTES);
            if (length <= 0 || length > bytes.remaining() - HEAD) {
                return;
            }
            ByteBuffer batch = bytes.slice(bytes.position(), HEAD + length);
            CRC32C sum = new CRC32C();
            sum.update(batch.duplicate());
            into.add(new Batch(batch.getLong(0), sum.getValue()));
            bytes.position(bytes.position() + HEAD + length);
        }
    }
}
