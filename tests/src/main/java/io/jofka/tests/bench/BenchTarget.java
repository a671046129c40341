package io.jofka.tests.bench;

import io.jofka.tests.harness.ProcessFigures;
import io.jofka.tests.harness.Server;
import java.net.URI;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.atomic.AtomicInteger;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.NewTopic;

/**
 * A server under a name, with the settings its topics get; the same server may stand under two names.
 *
 * @param replicas of each partition of a topic made here
 * @param topicConfigs configs of every topic made here
 */
record BenchTarget(String name, Server server, Optional<URI> rest, int replicas, Map<String, String> topicConfigs) {
    private static final AtomicInteger COUNT = new AtomicInteger();

    /** Makes a topic with a name of its own. */
    String createTopic(int partitions) {
        String topic = "bench-" + COUNT.incrementAndGet();
        admin(admin -> admin.createTopics(
                        List.of(new NewTopic(topic, partitions, (short) replicas).configs(topicConfigs)))
                .all()
                .get());
        return topic;
    }

    void deleteTopic(String topic) {
        admin(admin -> admin.deleteTopics(List.of(topic)).all().get());
    }

    double cpuSeconds() {
        return server.pids().stream()
                .mapToDouble(pid -> ProcessFigures.of(pid).cpuSeconds())
                .sum();
    }

    /** Resident memory of all its processes. */
    double residentMiB() {
        return server.pids().stream()
                .mapToDouble(pid -> ProcessFigures.of(pid).residentMiB())
                .sum();
    }

    interface Work {
        void with(Admin admin) throws ExecutionException, InterruptedException;
    }

    void admin(Work work) {
        try (Admin admin = Admin.create(Map.of("bootstrap.servers", server.kafka()))) {
            work.with(admin);
        } catch (ExecutionException e) {
            throw new IllegalStateException(name + ": " + e.getCause(), e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IllegalStateException(e);
        }
    }

    /** The value at a share (0.5, 0.99) of sorted figures. */
    static double quantile(long[] sorted, double share) {
        return sorted[(int) Math.min(sorted.length - 1L, (long) (sorted.length * share))];
    }

    static long[] sorted(long[] values) {
        long[] copy = values.clone();
        Arrays.sort(copy);
        return copy;
    }
}
