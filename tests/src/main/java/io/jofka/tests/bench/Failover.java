package io.jofka.tests.bench;

import io.jofka.tests.harness.Await;
import io.jofka.tests.harness.Cluster;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLongArray;
import java.util.concurrent.locks.LockSupport;
import java.util.stream.Collectors;
import org.apache.kafka.clients.admin.TopicDescription;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.TopicPartitionInfo;
import org.apache.kafka.common.serialization.ByteArraySerializer;

/**
 * kill -9 of a node that leads, under acks=all producers that send to every partition each 10 ms: time from the kill to
 * the acknowledgement of a record that was sent after it, at the partition of the victim that took longest.
 */
final class Failover {
    private static final int PARTITIONS = 12;
    private static final long EVERY_NANOS = TimeUnit.MILLISECONDS.toNanos(10);
    private static final Duration STEADY = Duration.ofSeconds(3);
    private static final Duration RECOVERED = Duration.ofSeconds(90);

    private final Figures figures;
    private final BenchTarget target;
    private final Cluster cluster;
    private final String topic;

    Failover(Figures figures, BenchTarget target, Cluster cluster) {
        this.figures = figures;
        this.target = target;
        this.cluster = cluster;
        this.topic = target.createTopic(PARTITIONS);
    }

    /** One kill, and the return of the node. */
    void run(boolean ofController) {
        awaitWhole();
        int controller = cluster.controller();
        Map<Integer, Set<Integer>> led = partitions().stream()
                .collect(Collectors.groupingBy(
                        partition -> partition.leader().id(),
                        Collectors.mapping(TopicPartitionInfo::partition, Collectors.toSet())));
        Optional<Integer> victim = led.keySet().stream()
                .filter(node -> (node == controller) == ofController)
                .findFirst();
        if (victim.isEmpty()) {
            System.out.println("# no such leader now: controller " + controller + ", leaders " + led.keySet());
            return;
        }
        Set<Integer> watched = java.util.Objects.requireNonNull(led.get(victim.get()));
        String config = (ofController ? "leader and controller" : "leader") + " killed, client=";
        try (Load load = new Load(watched)) {
            Await.until(RECOVERED, "a steady load", load::steady);
            LockSupport.parkNanos(STEADY.toNanos());
            long killed = System.nanoTime();
            load.killedAt = killed;
            cluster.kill(victim.get());
            load.killed = true;
            Await.until(RECOVERED, "acknowledgements after the kill", load::recovered);
            figures.add(target.name(), "failover", config + "kafka", longest(load.kafka, watched, killed), "ms");
            if (cluster instanceof JofkaCluster) {
                figures.add(target.name(), "failover", config + "rest", longest(load.rest, watched, killed), "ms");
            }
        }
        cluster.startAll();
    }

    private static double longest(AtomicLongArray first, Set<Integer> watched, long killed) {
        return watched.stream()
                        .mapToLong(partition -> first.get(partition) - killed)
                        .max()
                        .orElseThrow()
                / 1e6;
    }

    private List<TopicPartitionInfo> partitions() {
        List<TopicPartitionInfo> found = new ArrayList<>();
        target.admin(admin -> {
            TopicDescription described =
                    admin.describeTopics(List.of(topic)).allTopicNames().get().get(topic);
            found.addAll(java.util.Objects.requireNonNull(described).partitions());
        });
        return found;
    }

    /** Every replica in sync, and each node leads something where the cluster gives leadership back. */
    private void awaitWhole() {
        Await.until(
                RECOVERED,
                "all in sync",
                () -> partitions().stream()
                        .allMatch(partition -> partition.isr().size() == target.replicas()));
        if (cluster instanceof JofkaCluster) {
            Await.until(
                    RECOVERED,
                    "preferred leaders",
                    () -> partitions().stream()
                            .allMatch(partition -> partition.leader().id()
                                    == partition.replicas().getFirst().id()));
        } else {
            target.admin(admin -> {
                try {
                    admin.electLeaders(org.apache.kafka.common.ElectionType.PREFERRED, null)
                            .all()
                            .get();
                } catch (ExecutionException e) {
                    // whoever cannot lead is left where it is
                }
            });
        }
    }

    /** Producers until closed. Times are 0 until the first acknowledgement of what was sent after the kill. */
    private final class Load implements AutoCloseable {
        private final AtomicLongArray kafka = new AtomicLongArray(PARTITIONS);
        private final AtomicLongArray rest = new AtomicLongArray(PARTITIONS);
        private final AtomicLongArray seen = new AtomicLongArray(2 * PARTITIONS);
        private final List<Thread> threads = new ArrayList<>();
        private final Set<Integer> watched;
        private final HttpClient http = HttpClient.newHttpClient();
        private volatile boolean ended;
        private volatile boolean killed;
        private volatile long killedAt;

        Load(Set<Integer> watched) {
            this.watched = watched;
            threads.add(Thread.ofPlatform().start(this::produceKafka));
            if (cluster instanceof JofkaCluster jofka) {
                for (int partition : watched) {
                    threads.add(Thread.ofVirtual().start(() -> produceRest(jofka, partition)));
                }
            }
        }

        private void acked(boolean overRest, int partition, long sent) {
            long now = System.nanoTime();
            seen.incrementAndGet(overRest ? PARTITIONS + partition : partition);
            if (killed && sent - killedAt > 0) {
                (overRest ? rest : kafka).compareAndSet(partition, 0, now);
            }
        }

        boolean steady() {
            return watched.stream()
                    .allMatch(partition -> seen.get(partition) > 10
                            && (!(cluster instanceof JofkaCluster) || seen.get(PARTITIONS + partition) > 10));
        }

        boolean recovered() {
            return watched.stream()
                    .allMatch(partition -> kafka.get(partition) != 0
                            && (!(cluster instanceof JofkaCluster) || rest.get(partition) != 0));
        }

        private void produceKafka() {
            Map<String, Object> settings = Map.of(
                    "bootstrap.servers", cluster.kafka(),
                    "acks", "all",
                    "linger.ms", "0",
                    "request.timeout.ms", "2000",
                    "delivery.timeout.ms", "60000",
                    "retry.backoff.ms", "20",
                    "reconnect.backoff.ms", "20",
                    "reconnect.backoff.max.ms", "200",
                    "max.block.ms", "60000");
            try (KafkaProducer<byte[], byte[]> producer =
                    new KafkaProducer<>(settings, new ByteArraySerializer(), new ByteArraySerializer())) {
                for (long due = System.nanoTime(); !ended; due += EVERY_NANOS) {
                    for (int partition = 0; partition < PARTITIONS; partition++) {
                        int at = partition;
                        long sent = System.nanoTime();
                        var _ = producer.send(
                                new ProducerRecord<>(topic, partition, null, new byte[100]), (_, failure) -> {
                                    if (failure == null) {
                                        acked(false, at, sent);
                                    }
                                });
                    }
                    LockSupport.parkNanos(due + EVERY_NANOS - System.nanoTime());
                }
            }
        }

        /** One request at a time, to the nodes in turn, as a caller does that knows several. */
        private void produceRest(JofkaCluster jofka, int partition) {
            for (int turn = 0; !ended; turn++) {
                List<URI> nodes = jofka.rest();
                HttpRequest request = HttpRequest.newBuilder(nodes.get(turn % nodes.size())
                                .resolve("/api/v1/topics/" + topic + "/partitions/" + partition + "/records"))
                        .header("Content-Type", "application/json")
                        .timeout(Duration.ofSeconds(5))
                        .POST(HttpRequest.BodyPublishers.ofString("{\"records\":[{\"value\":\"v\"}]}"))
                        .build();
                long sent = System.nanoTime();
                try {
                    HttpResponse<String> answer = http.send(request, HttpResponse.BodyHandlers.ofString());
                    if (answer.statusCode() == 200) {
                        acked(true, partition, sent);
                    }
                } catch (java.io.IOException e) {
                    // the node is gone: the next one is asked
                } catch (InterruptedException e) {
                    Thread.currentThread().interrupt();
                    return;
                }
                LockSupport.parkNanos(EVERY_NANOS);
            }
        }

        @Override
        public void close() {
            ended = true;
            for (Thread thread : threads) {
                try {
                    thread.join();
                } catch (InterruptedException e) {
                    Thread.currentThread().interrupt();
                }
            }
            http.close();
        }
    }
}
