package io.jofka.tests.bench;

import java.util.Arrays;
import java.util.Map;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.locks.LockSupport;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.serialization.ByteArraySerializer;

/**
 * Acknowledgement latency at a fixed rate, open loop: a record's time counts from the instant it was due, so that a
 * stall is charged to all that waited for it.
 */
final class OpenLoop {
    private static final long SPIN_NANOS = 60_000;

    private final Figures figures;

    OpenLoop(Figures figures) {
        this.figures = figures;
    }

    void run(BenchTarget target, int perSecond, int size, int seconds) {
        String topic = target.createTopic(1);
        int warm = perSecond * 5;
        long[] latency = new long[warm + perSecond * seconds];
        AtomicInteger failed = new AtomicInteger();
        double cpuBefore = target.cpuSeconds();
        try (KafkaProducer<byte[], byte[]> producer = new KafkaProducer<>(
                Map.of("bootstrap.servers", target.server().kafka(), "acks", "all", "linger.ms", "0"),
                new ByteArraySerializer(),
                new ByteArraySerializer())) {
            producer.partitionsFor(topic);
            long start = System.nanoTime() + 50_000_000L;
            for (int i = 0; i < latency.length; i++) {
                long due = start + (long) (i * (1e9 / perSecond));
                awaitInstant(due);
                int index = i;
                var _ = producer.send(new ProducerRecord<>(topic, 0, null, new byte[size]), (metadata, failure) -> {
                    latency[index] = System.nanoTime() - due;
                    if (failure != null) {
                        failed.incrementAndGet();
                    }
                });
            }
        }
        double cpu = target.cpuSeconds() - cpuBefore;
        target.deleteTopic(topic);
        long[] counted = BenchTarget.sorted(Arrays.copyOfRange(latency, warm, latency.length));
        String config = "rate=" + perSecond + ",size=" + size + ",acks=all";
        figures.add(target.name(), "ack_p50", config, BenchTarget.quantile(counted, 0.5) / 1e6, "ms");
        figures.add(target.name(), "ack_p99", config, BenchTarget.quantile(counted, 0.99) / 1e6, "ms");
        figures.add(target.name(), "ack_p999", config, BenchTarget.quantile(counted, 0.999) / 1e6, "ms");
        figures.add(target.name(), "ack_failed", config, failed.get(), "records");
        figures.add(target.name(), "ack_cpu", config, cpu / (seconds + 5) * 100, "% of a core");
    }

    private static void awaitInstant(long due) {
        for (long left = due - System.nanoTime(); left > 0; left = due - System.nanoTime()) {
            if (left > SPIN_NANOS) {
                LockSupport.parkNanos(left - SPIN_NANOS / 2);
            } else {
                Thread.onSpinWait();
            }
        }
    }
}
