package io.jofka.tests.bench;

import io.jofka.tests.harness.Await;
import io.jofka.tests.harness.Cluster;
import io.jofka.tests.harness.ClusterProcess;
import io.jofka.tests.harness.NodeOptions;
import io.jofka.tests.harness.NodeProcess;
import io.jofka.tests.harness.Rest;
import java.net.URI;
import java.time.Duration;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import java.util.function.UnaryOperator;
import java.util.stream.Collectors;

/** A cluster of this project's nodes, for measurements. */
final class JofkaCluster implements Cluster {
    private static final Duration ELECTED = Duration.ofSeconds(60);

    private final ClusterProcess cluster;
    private final Set<Integer> nodes = new TreeSet<>();
    private final Set<Integer> running = new TreeSet<>();

    JofkaCluster(int size, UnaryOperator<NodeOptions> options) {
        cluster = ClusterProcess.start("bench", size, options);
        for (int node = 1; node <= size; node++) {
            nodes.add(node);
            running.add(node);
        }
    }

    @Override
    public String name() {
        return "jofka";
    }

    @Override
    public String kafka() {
        return nodes.stream().map(node -> process(node).kafka()).collect(Collectors.joining(","));
    }

    /** REST addresses of those that run. */
    List<URI> rest() {
        return running.stream().map(node -> process(node).rest()).toList();
    }

    NodeProcess process(int node) {
        return cluster.node(node);
    }

    @Override
    public Set<Integer> nodes() {
        return nodes;
    }

    @Override
    public long pid(int node) {
        return process(node).pid();
    }

    @Override
    public int controller() {
        int[] leader = {-1};
        Await.until(ELECTED, "an active controller", () -> {
            Rest.Answer answer = process(running.iterator().next()).api().get("/raft");
            leader[0] = answer.status() == 200 ? answer.json().path("leader").asInt(-1) : -1;
            return leader[0] >= 0;
        });
        return leader[0];
    }

    @Override
    public void kill(int node) {
        process(node).kill();
        running.remove(node);
    }

    @Override
    public void stop(int node) {
        process(node).stop();
        running.remove(node);
    }

    @Override
    public void startAll() {
        cluster.startAll();
        running.addAll(nodes);
    }

    @Override
    public void close() {
        cluster.close();
    }
}
