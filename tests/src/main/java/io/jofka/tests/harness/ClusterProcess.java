package io.jofka.tests.harness;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.function.UnaryOperator;
import java.util.stream.Collectors;
import java.util.stream.IntStream;

/** Nodes of this project as real processes that form one cluster, with ids from 1 on; all are controllers and brokers. */
public final class ClusterProcess implements AutoCloseable {
    private static final Duration HEALED = Duration.ofSeconds(90);

    private final Map<Integer, NodeOptions> options = new TreeMap<>();
    private final Map<Integer, NodeProcess> nodes = new ConcurrentHashMap<>();

    private ClusterProcess(String name, int size, UnaryOperator<NodeOptions> more) {
        Map<Integer, Integer> ports =
                IntStream.rangeClosed(1, size).boxed().collect(Collectors.toMap(id -> id, id -> freePair()));
        String peers = ports.entrySet().stream()
                .map(entry -> entry.getKey() + "@127.0.0.1:" + entry.getValue())
                .sorted()
                .collect(Collectors.joining(","));
        ports.forEach((id, port) -> options.put(
                id,
                more.apply(NodeOptions.fresh(name + "-" + id)
                        .withProperty("server.node-id", Integer.toString(id))
                        .withProperty("server.cluster.peers", peers)
                        .withProperty("jofka.cluster.id", name)
                        .withProperty("jofka.peer.port", Integer.toString(port)))));
    }

    /** Starts the nodes and awaits that all are ready. */
    public static ClusterProcess start(String name, int size) {
        return start(name, size, options -> options);
    }

    /** As above, with what is to be different from the usual options. */
    public static ClusterProcess start(String name, int size, UnaryOperator<NodeOptions> more) {
        ClusterProcess cluster = new ClusterProcess(name, size, more);
        try {
            cluster.startAll();
            return cluster;
        } catch (RuntimeException | AssertionError e) {
            cluster.close();
            throw e;
        }
    }

    /** The internal network takes two ports, one behind the other. */
    private static int freePair() {
        for (int i = 0; i < 100; i++) {
            int port = Ports.free();
            try (ServerSocket _ = new ServerSocket(port + 1, 1, InetAddress.getLoopbackAddress())) {
                return port;
            } catch (IOException e) {
                // the next one is taken
            }
        }
        throw new UncheckedIOException(new IOException("no two free ports side by side"));
    }

    /** Starts all that do not run, at once: they need each other. */
    public void startAll() {
        try (ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor()) {
            List<CompletableFuture<Void>> starts = options.keySet().stream()
                    .filter(id -> !nodes.containsKey(id) || !node(id).alive())
                    .map(id -> CompletableFuture.runAsync(() -> start(id), threads))
                    .toList();
            starts.forEach(CompletableFuture::join);
        }
    }

    public void start(int id) {
        nodes.put(id, NodeProcess.start(java.util.Objects.requireNonNull(options.get(id))));
    }

    public NodeProcess node(int id) {
        return java.util.Objects.requireNonNull(nodes.get(id));
    }

    /** Removes all that a node that has ended has kept. */
    public void wipe(int id) {
        Folders.delete(java.util.Objects.requireNonNull(options.get(id)).data());
    }

    public String bootstrap() {
        return nodes.values().stream().map(NodeProcess::kafka).sorted().collect(Collectors.joining(","));
    }

    /** Awaits that every replica of the topic is in sync, as the node sees it. */
    public void awaitInSync(int id, String topic, int replicas) {
        Await.until(HEALED, "all replicas of " + topic + " in sync", () -> {
            Rest.Answer answer = node(id).api().get("/topics/" + topic + "/partitions");
            if (answer.status() != 200) {
                return false;
            }
            for (var partition : answer.json().get("items")) {
                if (partition.get("isr").size() != replicas) {
                    return false;
                }
            }
            return true;
        });
    }

    /** The last lines of all logs. */
    public String logTails() {
        return nodes.entrySet().stream()
                .map(entry ->
                        "node " + entry.getKey() + ":\n" + entry.getValue().logTail())
                .collect(Collectors.joining("\n"));
    }

    @Override
    public void close() {
        nodes.values().forEach(NodeProcess::close);
        options.values().forEach(given -> Folders.delete(given.data()));
    }
}
