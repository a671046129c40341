package io.jofka.tests.harness;

import com.fasterxml.jackson.databind.JsonNode;
import java.io.UncheckedIOException;
import java.net.URI;
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
import org.jspecify.annotations.Nullable;

/**
 * Nodes of this project as real processes that form one cluster, with ids from 1 on; all are controllers and brokers.
 * Thread-safe for calls about different nodes.
 */
public final class ClusterProcess implements AutoCloseable {
    private static final Duration HEALED = Duration.ofSeconds(60);
    private static final Duration ANSWERED = Duration.ofSeconds(60);

    private final Map<Integer, NodeOptions> options = new TreeMap<>();
    private final Map<Integer, NodeProcess> nodes = new ConcurrentHashMap<>();
    private final @Nullable Links links;

    private ClusterProcess(String name, int size, boolean relayed, UnaryOperator<NodeOptions> more) {
        Map<Integer, Integer> ports =
                IntStream.rangeClosed(1, size).boxed().collect(Collectors.toMap(id -> id, id -> Ports.pair()));
        Links between = relayed ? new Links(ports) : null;
        links = between;
        ports.forEach((id, port) -> options.put(
                id,
                more.apply(NodeOptions.fresh(name + "-" + id)
                        .withProperty("server.node-id", Integer.toString(id))
                        .withProperty("server.cluster.peers", peers(id, ports, between))
                        .withProperty("jofka.cluster.id", name)
                        .withProperty("jofka.peer.port", Integer.toString(port)))));
    }

    /** Each node sees the others where its own relays to them are. */
    private static String peers(int self, Map<Integer, Integer> ports, @Nullable Links links) {
        return new TreeMap<>(ports)
                .entrySet().stream()
                        .map(entry -> entry.getKey() + "@127.0.0.1:"
                                + (links == null || entry.getKey() == self
                                        ? entry.getValue()
                                        : links.port(self, entry.getKey())))
                        .collect(Collectors.joining(","));
    }

    /** Starts the nodes and awaits that all are ready. */
    public static ClusterProcess start(String name, int size) {
        return start(new ClusterProcess(name, size, false, options -> options));
    }

    /** The same with a network between them that {@link #links} can disturb. */
    public static ClusterProcess startRelayed(String name, int size) {
        return start(new ClusterProcess(name, size, true, options -> options));
    }

    /** The same with more options for each node. */
    public static ClusterProcess start(String name, int size, UnaryOperator<NodeOptions> more) {
        return start(new ClusterProcess(name, size, false, more));
    }

    private static ClusterProcess start(ClusterProcess cluster) {
        try {
            cluster.startAll();
            return cluster;
        } catch (RuntimeException | AssertionError e) {
            cluster.close();
            throw e;
        }
    }

    /** Starts all that do not run, at once: they need each other. */
    public void startAll() {
        try (ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor()) {
            List<CompletableFuture<Void>> starts = options.keySet().stream()
                    .filter(id -> !runs(id))
                    .map(id -> CompletableFuture.runAsync(() -> start(id), threads))
                    .toList();
            starts.forEach(CompletableFuture::join);
        }
    }

    public void start(int id) {
        nodes.put(id, NodeProcess.start(options(id)));
    }

    public NodeProcess node(int id) {
        return java.util.Objects.requireNonNull(nodes.get(id));
    }

    public NodeOptions options(int id) {
        return java.util.Objects.requireNonNull(options.get(id));
    }

    /** From the next start of the node on. */
    public void reconfigure(int id, UnaryOperator<NodeOptions> change) {
        options.put(id, change.apply(options(id)));
    }

    public List<Integer> ids() {
        return List.copyOf(options.keySet());
    }

    public boolean runs(int id) {
        NodeProcess node = nodes.get(id);
        return node != null && node.alive();
    }

    /** The network between the nodes; only of a cluster that was started with relays. */
    public Links links() {
        return java.util.Objects.requireNonNull(links, "the cluster was started without relays");
    }

    /** Removes all that a node that has ended has kept. */
    public void wipe(int id) {
        Folders.delete(options(id).data());
    }

    public String bootstrap() {
        return nodes.values().stream().map(NodeProcess::kafka).sorted().collect(Collectors.joining(","));
    }

    /** The REST addresses in the order of the ids. */
    public List<URI> rest() {
        return new TreeMap<>(nodes).values().stream().map(NodeProcess::rest).toList();
    }

    /** Creates a topic once the cluster can place all its replicas. */
    public void createTopic(String topic, int partitions, int replicas, Map<String, String> configs) {
        var body = Rest.JSON.createObjectNode();
        body.put("name", topic).put("partitions", partitions).put("replicationFactor", replicas);
        configs.forEach(body.putObject("configs")::put);
        Await.until(ANSWERED, "topic " + topic + " can be created", () -> {
            try {
                Rest.Answer answer = node(ids().getFirst()).api().post("/topics", Rest.text(body));
                if (answer.status() == 409) {
                    // an answer that was lost
                    return true;
                }
                return answer.status() != 422
                        && answer.status() < 500
                        && answer.orFail().status() / 100 == 2;
            } catch (UncheckedIOException e) {
                return false;
            }
        });
    }

    /** The leader of a partition as the node sees it; -1 when there is none or the node does not answer. */
    public int leader(int asked, String topic, int partition) {
        try {
            Rest.Answer answer = node(asked).api().get("/topics/" + topic + "/partitions/" + partition);
            return answer.status() == 200 ? answer.json().path("leader").asInt(-1) : -1;
        } catch (UncheckedIOException e) {
            return -1;
        }
    }

    /** The active controller, once the nodes given agree on one of {@code among}. */
    public int controller(List<Integer> asked, List<Integer> among) {
        int[] found = {-1};
        Await.until(ANSWERED, "nodes " + asked + " agree on a controller among " + among, () -> {
            List<Integer> said =
                    asked.stream().map(this::controllerAsSeenBy).distinct().toList();
            found[0] = said.getFirst();
            return said.size() == 1 && among.contains(found[0]);
        });
        return found[0];
    }

    private int controllerAsSeenBy(int id) {
        try {
            Rest.Answer answer = node(id).api().get("/raft");
            return answer.status() == 200 ? answer.json().path("leader").asInt(-1) : -1;
        } catch (UncheckedIOException e) {
            return -1;
        }
    }

    /** Awaits that every replica of the topic is in sync, as every node sees it. */
    public void awaitInSync(String topic, int replicas) {
        ids().forEach(id -> Await.until(
                HEALED,
                () -> "node " + id + " sees all replicas of " + topic + " in sync; it says " + partitions(id, topic),
                () -> isInSync(id, topic, replicas)));
    }

    private boolean isInSync(int id, String topic, int replicas) {
        JsonNode items = partitions(id, topic).path("items");
        for (JsonNode partition : items) {
            if (partition.path("isr").size() != replicas
                    || partition.path("leader").asInt(-1) < 0) {
                return false;
            }
        }
        return !items.isEmpty();
    }

    private JsonNode partitions(int id, String topic) {
        try {
            Rest.Answer answer = node(id).api().get("/topics/" + topic + "/partitions");
            return answer.status() == 200
                    ? answer.json()
                    : Rest.JSON.getNodeFactory().textNode(answer.text());
        } catch (UncheckedIOException e) {
            return Rest.JSON.getNodeFactory().textNode(String.valueOf(e.getMessage()));
        }
    }

    /** Asks every node that runs to write what its threads do to its log; not of virtual threads. */
    public void dumpThreads() {
        nodes.values().stream().filter(NodeProcess::alive).forEach(NodeProcess::dumpThreads);
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
        if (links != null) {
            links.close();
        }
    }
}
