package io.jofka.tests.harness;

import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ExecutionException;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.apache.kafka.clients.admin.Admin;

/** Real Apache Kafkas, all combined nodes, as one cluster, for comparisons only. Needs {@code tests/bench/prepare}. */
public final class KafkaCluster implements Cluster {
    private static final Duration READY = Duration.ofMinutes(5);

    private final Path folder = Folders.temporary("kafkas");
    private final Map<Integer, List<String>> commands = new TreeMap<>();
    private final Map<Integer, ServerProcess> running = new ConcurrentHashMap<>();
    private final String bootstrap;

    private KafkaCluster(int size, int heapMiB, Map<String, String> settings) {
        List<Integer> ids = IntStream.rangeClosed(1, size).boxed().toList();
        Map<Integer, String> clients =
                ids.stream().collect(Collectors.toMap(id -> id, _ -> "127.0.0.1:" + Ports.free()));
        Map<Integer, String> controllers =
                ids.stream().collect(Collectors.toMap(id -> id, _ -> "127.0.0.1:" + Ports.free()));
        String voters = ids.stream().map(id -> id + "@" + controllers.get(id)).collect(Collectors.joining(","));
        bootstrap = String.join(",", clients.values());
        String clusterId = KafkaNode.storageTool("random-uuid")
                .lines()
                .reduce((_, last) -> last)
                .orElseThrow();
        for (int id : ids) {
            List<String> lines = new ArrayList<>(List.of(
                    "process.roles=broker,controller",
                    "node.id=" + id,
                    "controller.quorum.voters=" + voters,
                    "listeners=PLAINTEXT://" + clients.get(id) + ",CONTROLLER://" + controllers.get(id),
                    "advertised.listeners=PLAINTEXT://" + clients.get(id),
                    "controller.listener.names=CONTROLLER",
                    "listener.security.protocol.map=PLAINTEXT:PLAINTEXT,CONTROLLER:PLAINTEXT",
                    "log.dirs=" + folder.resolve("data-" + id),
                    "offsets.topic.replication.factor=3",
                    "transaction.state.log.replication.factor=3",
                    "share.coordinator.state.topic.replication.factor=3",
                    "default.replication.factor=3",
                    "min.insync.replicas=2"));
            settings.forEach((key, value) -> lines.add(key + "=" + value));
            Path properties = folder.resolve(id + ".properties");
            KafkaNode.write(properties, lines);
            KafkaNode.storageTool("format", "-t", clusterId, "-c", properties.toString());
            commands.put(id, KafkaNode.command(folder, heapMiB, properties));
        }
    }

    /** Formats fresh folders and starts the nodes with Kafka's own recommended JVM settings. */
    public static KafkaCluster start(int size, int heapMiB, Map<String, String> settings) {
        if (!KafkaNode.prepared()) {
            throw new AssertionError("run tests/bench/prepare first");
        }
        KafkaCluster cluster = new KafkaCluster(size, heapMiB, settings);
        cluster.startAll();
        return cluster;
    }

    @Override
    public String name() {
        return "kafka";
    }

    @Override
    public String kafka() {
        return bootstrap;
    }

    @Override
    public Set<Integer> nodes() {
        return commands.keySet();
    }

    private ServerProcess process(int node) {
        return java.util.Objects.requireNonNull(running.get(node));
    }

    @Override
    public long pid(int node) {
        return process(node).pid();
    }

    @Override
    public int controller() {
        try (Admin admin = Admin.create(Map.of("bootstrap.servers", bootstrap))) {
            return admin.describeMetadataQuorum().quorumInfo().get().leaderId();
        } catch (ExecutionException e) {
            throw new IllegalStateException(e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IllegalStateException(e);
        }
    }

    @Override
    public void kill(int node) {
        process(node).kill();
        running.remove(node);
    }

    @Override
    public void stop(int node) {
        process(node).terminate(Duration.ofMinutes(2));
        running.remove(node);
    }

    @Override
    public void startAll() {
        commands.forEach((id, command) -> running.computeIfAbsent(
                id,
                _ -> ServerProcess.start(
                        "kafka-" + id, command, Map.of(), line -> line.contains("Kafka Server started"))));
        running.values().forEach(process -> process.awaitReady(READY));
    }

    @Override
    public void close() {
        running.values().forEach(ServerProcess::kill);
        Folders.delete(folder);
    }
}
