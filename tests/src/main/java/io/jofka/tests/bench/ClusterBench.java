package io.jofka.tests.bench;

import io.jofka.tests.harness.Await;
import io.jofka.tests.harness.Cluster;
import io.jofka.tests.harness.Folders;
import io.jofka.tests.harness.KafkaCluster;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.Future;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.serialization.ByteArraySerializer;

/**
 * Measures three nodes of this project and, when asked, three real Kafkas beside them. See tests/README.md.
 *
 * <p>usage: ClusterBench [kafka] [nonode] [runs=5] [warm=2] [scale=0.5] [out=FILE] WHAT..., where WHAT is produce, latency,
 * failover or partitions
 */
public final class ClusterBench {
    private static final int NODES = 3;
    private static final int TOPICS = 100;
    private static final Duration HEALED = Duration.ofMinutes(5);

    private final BenchOptions options;
    private final Path scratch = Folders.temporary("bench");
    private final Path out;
    private final Figures figures;

    private ClusterBench(String[] args) {
        options = new BenchOptions(args);
        out = options.out(Folders.root().resolve("tests/results/cluster.tsv"));
        figures = new Figures(out);
    }

    public static void main(String[] args) throws Exception {
        ClusterBench bench = new ClusterBench(args);
        try {
            if (bench.options.has("produce") || bench.options.has("latency")) {
                bench.load();
            }
            if (bench.options.has("failover")) {
                bench.failover();
            }
            if (bench.options.has("partitions")) {
                bench.partitions();
            }
        } finally {
            Folders.delete(bench.scratch);
        }
        System.out.println(FigureTable.render(Files.readAllLines(bench.out)));
    }

    private int heapMiB() {
        return options.number("heap", 1024);
    }

    private Cluster kafka(Map<String, String> settings) {
        return KafkaCluster.start(NODES, heapMiB(), settings);
    }

    private JofkaCluster jofka() {
        String[] jvm = options.text("jvm", "-XX:+UseSerialGC").split(" ", -1);
        return new JofkaCluster(NODES, given -> given.withHeap(heapMiB()).withJvm(jvm));
    }

    private static BenchTarget target(String name, Cluster cluster, Map<String, String> configs) {
        return new BenchTarget(name, cluster, Optional.empty(), NODES, configs);
    }

    /** Both clusters run at the same time and take turns, so that the machine is the same for both. */
    private void load() {
        List<Cluster> clusters = new ArrayList<>();
        List<BenchTarget> targets = new ArrayList<>();
        try {
            if (options.has("kafka")) {
                clusters.add(kafka(Map.of()));
                targets.add(target("kafka", clusters.getLast(), Map.of()));
            }
            if (!options.has("nonode")) {
                clusters.add(jofka());
                targets.add(target("jofka", clusters.getLast(), Map.of("durability", "replicated")));
                targets.add(target("jofka-forced", clusters.getLast(), Map.of("durability", "forced")));
            }
            measure(targets);
        } finally {
            clusters.forEach(Cluster::close);
        }
    }

    private void measure(List<BenchTarget> targets) {
        KafkaLoad load = new KafkaLoad(figures, scratch, Double.parseDouble(options.text("scale", "0.5")));
        figures.recording(false);
        for (int round = 0; round < options.number("warm", 2); round++) {
            for (BenchTarget target : targets) {
                load.produce(target, 1024, 12);
                load.produce(target, 100, 12);
            }
        }
        figures.recording(true);
        for (int run = 0; options.has("produce") && run < options.number("runs", 5); run++) {
            for (int size : List.of(1024, 100)) {
                for (BenchTarget target : targets) {
                    Bench.sync();
                    load.produce(target, size, 12);
                }
            }
        }
        OpenLoop loop = new OpenLoop(figures);
        for (int run = 0; options.has("latency") && run < options.number("runs", 5); run++) {
            for (BenchTarget target : targets) {
                Bench.sync();
                loop.run(target, options.number("rate", 5_000), 100, options.number("latency-seconds", 15));
            }
        }
        for (BenchTarget target : targets) {
            if (!target.name().equals("jofka-forced")) {
                figures.add(target.name(), "memory", "three nodes after the load", target.residentMiB(), "MiB");
            }
        }
    }

    /** One cluster after another: what takes part in failover must have the machine to itself. */
    private void failover() {
        if (!options.has("nonode")) {
            try (JofkaCluster cluster = jofka()) {
                kills(target("jofka", cluster, Map.of("durability", "forced")), cluster);
            }
        }
        if (options.has("kafka")) {
            Map<String, String> quick =
                    Map.of("broker.session.timeout.ms", "1500", "broker.heartbeat.interval.ms", "250");
            try (Cluster cluster = kafka(quick)) {
                kills(target("kafka-1.5s-session", cluster, Map.of()), cluster);
            }
            try (Cluster cluster = kafka(Map.of())) {
                kills(target("kafka", cluster, Map.of()), cluster);
            }
        }
    }

    private void kills(BenchTarget target, Cluster cluster) {
        Failover failover = new Failover(figures, target, cluster);
        for (int run = -1; run < options.number("runs", 5); run++) {
            figures.recording(run >= 0);
            failover.run(false);
            failover.run(true);
        }
        figures.recording(true);
    }

    private void partitions() {
        if (!options.has("nonode")) {
            try (JofkaCluster cluster = jofka()) {
                many(target("jofka", cluster, Map.of()), cluster);
            }
        }
        if (options.has("kafka")) {
            try (Cluster cluster = kafka(Map.of())) {
                many(target("kafka", cluster, Map.of()), cluster);
            }
        }
    }

    /** Many partitions, three replicas each: made, filled, and the whole cluster stopped and started again. */
    private void many(BenchTarget target, Cluster cluster) {
        int each = options.number("partitions", 10_000) / TOPICS;
        String config = each * TOPICS + " partitions, 3 replicas";
        long began = System.nanoTime();
        List<String> topics = new ArrayList<>();
        for (int i = 0; i < TOPICS; i++) {
            topics.add(target.createTopic(each));
        }
        awaitWhole(target, topics);
        figures.add(target.name(), "create", config, seconds(began), "s");
        began = System.nanoTime();
        oneEach(cluster, topics, each);
        figures.add(target.name(), "one record each", config, seconds(began), "s");
        figures.add(target.name(), "memory", config, target.residentMiB(), "MiB");
        List.copyOf(cluster.nodes()).forEach(cluster::stop);
        began = System.nanoTime();
        cluster.startAll();
        figures.add(target.name(), "restart to ready", config, seconds(began), "s");
        awaitWhole(target, topics);
        oneEach(cluster, topics, each);
        figures.add(target.name(), "restart to all written", config, seconds(began), "s");
        figures.add(target.name(), "memory after restart", config, target.residentMiB(), "MiB");
    }

    private static double seconds(long since) {
        return (System.nanoTime() - since) / 1e9;
    }

    private static void awaitWhole(BenchTarget target, List<String> topics) {
        Await.until(HEALED, "all in sync", () -> {
            boolean[] whole = {false};
            target.admin(admin -> whole[0] = admin.describeTopics(topics).allTopicNames().get().values().stream()
                    .flatMap(topic -> topic.partitions().stream())
                    .allMatch(partition -> partition.isr().size() == NODES));
            return whole[0];
        });
    }

    private static void oneEach(Cluster cluster, List<String> topics, int partitions) {
        try (KafkaProducer<byte[], byte[]> producer = new KafkaProducer<>(
                Map.of("bootstrap.servers", cluster.kafka(), "linger.ms", 5, "acks", "all"),
                new ByteArraySerializer(),
                new ByteArraySerializer())) {
            List<Future<?>> sent = new ArrayList<>();
            for (String topic : topics) {
                for (int partition = 0; partition < partitions; partition++) {
                    sent.add(producer.send(new ProducerRecord<>(topic, partition, null, new byte[100])));
                }
            }
            for (Future<?> one : sent) {
                one.get();
            }
        } catch (java.util.concurrent.ExecutionException e) {
            throw new IllegalStateException(e.getCause());
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IllegalStateException(e);
        }
    }
}
