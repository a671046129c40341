package io.jofka.tests.faults;

import io.jofka.tests.harness.Await;
import io.jofka.tests.harness.ClusterProcess;
import io.jofka.tests.history.Checker;
import io.jofka.tests.history.History;
import io.jofka.tests.history.Verdict;
import io.jofka.tests.workload.Load;
import io.jofka.tests.workload.Readers;
import io.jofka.tests.workload.Target;
import io.jofka.tests.workload.Workload;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;

/**
 * A cluster under load while something goes wrong. Clients of every kind write to and read from one new topic with three
 * replicas; the fault happens and is healed; then every producer must be served again, every replica must come back in
 * sync, all replicas must hold the same bytes, and the history of all clients must have no anomaly.
 */
public final class FaultRun {
    /** Partitions of the topic of each run. */
    public static final int PARTITIONS = 6;

    private static final int REPLICAS = 3;
    private static final int WARM = 200;
    private static final Duration SERVED = Duration.ofSeconds(60);
    /** Small segments, so that faults meet rolls and the recovery of several of them. */
    private static final Map<String, String> CONFIGS =
            Map.of("min.insync.replicas", "2", "segment.bytes", "1048576", "durability", "forced");

    private FaultRun() {}

    /** What goes wrong. Returns when it is over: all nodes run and reach each other again. */
    @FunctionalInterface
    public interface Fault {
        void happen();
    }

    /**
     * What was seen.
     *
     * @param name of the run
     * @param records in the log at the end
     * @param acked records that were acknowledged
     * @param refused records of plain producers that certainly were not taken
     * @param unknown records of which no client knows
     * @param longestGapMs of each producer, the longest time between two acknowledgements from the fault on
     * @param servedAfterMs from the end of the fault until every producer was acknowledged something
     * @param inSyncAfterMs from the end of the load until all replicas were in sync
     * @param problems what must not be: anomalies with examples, replicas that differ, protocols that disagree
     */
    public record Report(
            String name,
            long records,
            long acked,
            long refused,
            long unknown,
            Map<String, Long> longestGapMs,
            long servedAfterMs,
            long inSyncAfterMs,
            List<String> problems) {
        public Report {
            problems = List.copyOf(problems);
        }

        /** A run that came to no end. */
        static Report failed(String name, List<String> problems) {
            return new Report(name, 0, 0, 0, 0, Map.of(), 0, 0, problems);
        }

        Report withProblems(List<String> more) {
            List<String> all = new ArrayList<>(problems);
            all.addAll(more);
            return new Report(name, records, acked, refused, unknown, longestGapMs, servedAfterMs, inSyncAfterMs, all);
        }

        /** The longest of the gaps. */
        public long worstGapMs() {
            return longestGapMs.values().stream()
                    .mapToLong(Long::longValue)
                    .max()
                    .orElse(0);
        }

        @Override
        public String toString() {
            return name + ": " + records + " records in the log, " + acked + " acknowledged, " + refused + " refused, "
                    + unknown + " with unknown outcome; longest gap between acknowledgements " + worstGapMs()
                    + " ms of " + longestGapMs + "; all served " + servedAfterMs + " ms after the fault, in sync "
                    + inSyncAfterMs + " ms after the load; " + (problems.isEmpty() ? "no anomaly" : problems);
        }
    }

    /**
     * Runs it on a cluster that is well.
     *
     * @throws AssertionError when something does not come to pass in time, with the ends of all logs
     */
    public static Report under(ClusterProcess cluster, String topic, Fault fault) {
        try {
            cluster.createTopic(topic, PARTITIONS, REPLICAS, CONFIGS);
            History history = new History();
            Target target = new Target(cluster.rest(), cluster.bootstrap(), topic, PARTITIONS, history);
            Workload workload = new Workload(target, topic, Load.moderate(100));
            Await.until(
                    SERVED,
                    topic + ": acknowledgements before the fault",
                    () -> history.acked() > WARM
                            && workload.producers().equals(history.pace().clients()));
            history.pace().mark();
            fault.happen();
            long healed = System.nanoTime();
            Map<String, Long> before = history.pace().acknowledged();
            Await.until(
                    SERVED,
                    () -> topic + ": every producer is served again; acknowledged at the end of the fault " + before
                            + ", and now " + history.pace().acknowledged(),
                    () -> {
                        workload.check();
                        return history.pace().acknowledged().entrySet().stream()
                                .allMatch(now -> now.getValue() > before.getOrDefault(now.getKey(), 0L));
                    });
            long served = System.nanoTime();
            Map<String, Long> gaps = history.pace().longestMs();
            workload.end();
            long ended = System.nanoTime();
            cluster.awaitInSync(topic, REPLICAS);
            long inSync = System.nanoTime();
            History.FinalLog rest = Readers.overRest(target);
            return new Report(
                    topic,
                    rest.size(),
                    history.acked(),
                    history.refused(),
                    history.unknown(),
                    gaps,
                    Duration.ofNanos(served - healed).toMillis(),
                    Duration.ofNanos(inSync - ended).toMillis(),
                    problems(cluster, target, rest));
        } catch (AssertionError | RuntimeException e) {
            String tails = cluster.logTails();
            cluster.dumpThreads();
            throw new AssertionError(topic + ": " + e.getMessage() + "\n" + tails, e);
        }
    }

    private static List<String> problems(ClusterProcess cluster, Target target, History.FinalLog rest) {
        List<String> problems = new ArrayList<>();
        History.FinalLog kafka = Readers.overKafka(target);
        if (!kafka.partitions().equals(rest.partitions())) {
            problems.add("the two protocols read different logs");
        }
        Verdict verdict = Checker.check(target.history(), rest, true);
        if (!verdict.clean()) {
            problems.add(verdict.toString().strip());
        }
        problems.addAll(ReplicaFiles.differences(cluster, target.topic(), target.partitions()));
        return problems;
    }
}
