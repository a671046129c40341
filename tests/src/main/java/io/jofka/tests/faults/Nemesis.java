package io.jofka.tests.faults;

import io.jofka.tests.faults.Plan.Episode;
import io.jofka.tests.faults.Plan.Step;
import io.jofka.tests.harness.ClusterProcess;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.concurrent.locks.LockSupport;

/** Carries out a {@link Plan} on a cluster with relays, whose topic has three replicas. One thread. */
final class Nemesis {
    private static final int REPLICAS = 3;
    private static final Duration DELAY = Duration.ofMillis(150);

    private final ClusterProcess cluster;
    private final String topic;
    private final List<String> done = new ArrayList<>();
    private final Set<Integer> down = new HashSet<>();
    private final Set<Integer> paused = new HashSet<>();
    private final List<String> problems = new ArrayList<>();

    Nemesis(ClusterProcess cluster, String topic) {
        this.cluster = cluster;
        this.topic = topic;
    }

    /** What happened to whom, for people. */
    List<String> done() {
        return List.copyOf(done);
    }

    /** What nodes did that no fault asked for. */
    List<String> problems() {
        return List.copyOf(problems);
    }

    void carryOut(Plan plan) {
        for (Episode episode : plan.episodes()) {
            carryOut(episode);
        }
    }

    private void carryOut(Episode episode) {
        if (episode.steps().stream().anyMatch(step -> step.kind().takesDataAway())) {
            cluster.awaitInSync(topic, REPLICAS);
        }
        // who is who is asked while all is well
        List<Integer> targets = new ArrayList<>();
        for (Step step : episode.steps()) {
            targets.add(target(step));
        }
        List<String> words = new ArrayList<>();
        try {
            for (int i = 0; i < targets.size(); i++) {
                words.add(begin(episode.steps().get(i), targets.get(i)));
            }
            last(episode.lastMs());
        } finally {
            end(episode);
        }
        done.add(String.join(" + ", words) + " for " + episode.lastMs() + " ms");
        last(episode.restMs());
    }

    private int target(Step step) {
        int leader = leader();
        return switch (step.who()) {
            case LEADER -> leader;
            case CONTROLLER -> cluster.controller(cluster.ids(), cluster.ids());
            case FOLLOWER -> others(leader).get(step.other() % others(leader).size());
        };
    }

    private int leader() {
        int[] leader = {-1};
        io.jofka.tests.harness.Await.until(Duration.ofSeconds(60), topic + "/0 has a leader", () -> {
            leader[0] = cluster.leader(cluster.ids().getFirst(), topic, 0);
            return leader[0] >= 0;
        });
        return leader[0];
    }

    private List<Integer> others(int node) {
        return cluster.ids().stream().filter(other -> other != node).toList();
    }

    private String begin(Step step, int node) {
        int other = others(node).get(step.other() % others(node).size());
        switch (step.kind()) {
            case KILL -> kill(node);
            case KILL_ALL -> cluster.ids().forEach(this::kill);
            case PAUSE -> pause(node);
            case STOP -> stop(node);
            case WIPE -> {
                kill(node);
                cluster.wipe(node);
            }
            case ISOLATE -> cluster.links().isolate(node);
            case CUT -> cluster.links().cut(node, other);
            case CUT_ONE_WAY -> cluster.links().cutOneWay(node, other);
            case DELAY -> cluster.links().delay(node, other, DELAY);
        }
        return step.kind() + " " + step.who() + " " + node
                + switch (step.kind()) {
                    case CUT, CUT_ONE_WAY, DELAY -> "-" + other;
                    case KILL, KILL_ALL, PAUSE, STOP, WIPE, ISOLATE -> "";
                };
    }

    private void kill(int node) {
        if (down.add(node)) {
            cluster.node(node).kill();
        }
    }

    private void pause(int node) {
        if (!down.contains(node) && paused.add(node)) {
            cluster.node(node).pause();
        }
    }

    private void stop(int node) {
        if (!paused.contains(node) && down.add(node)) {
            cluster.node(node).stop();
        }
    }

    /** All is well again when this returns. */
    private void end(Episode episode) {
        paused.stream().filter(cluster::runs).forEach(node -> cluster.node(node).resume());
        paused.clear();
        if (episode.freshConnections()) {
            cluster.links().healWithNewConnections();
        } else {
            cluster.links().heal();
        }
        for (int node : cluster.ids()) {
            if (!cluster.runs(node) && !down.contains(node)) {
                problems.add("node " + node + " ended by itself: "
                        + cluster.node(node).logTail());
            }
        }
        cluster.startAll();
        down.clear();
    }

    /** How long a fault lasts is a part of it; there is nothing to wait for. */
    private static void last(int ms) {
        long end = System.nanoTime() + Duration.ofMillis(ms).toNanos();
        while (System.nanoTime() - end < 0) {
            LockSupport.parkNanos(end - System.nanoTime());
        }
    }
}
