package io.jofka.tests.workload;

import io.jofka.tests.history.Event;
import io.jofka.tests.history.RecordId;
import java.time.Duration;
import java.util.Map;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.clients.producer.RecordMetadata;
import org.apache.kafka.common.serialization.StringSerializer;

/** Kafka's own producer with its defaults (idempotent, acks=all); it retries across the death of the node by itself. */
final class KafkaClientProducer extends Client {
    private static final int IN_FLIGHT = 200;

    private final KafkaProducer<String, String> producer;
    private final Semaphore free = new Semaphore(IN_FLIGHT);
    private final Load load;
    private final long startedAt = System.nanoTime();
    private long sent;

    KafkaClientProducer(Target target, String name, String codec, Load load) {
        super(target, name);
        this.load = load;
        target.history().idempotent(name);
        this.producer = new KafkaProducer<>(
                Map.of(
                        "bootstrap.servers",
                        target.kafka(),
                        "client.id",
                        name,
                        "compression.type",
                        codec,
                        "delivery.timeout.ms",
                        (int) PATIENCE.toMillis(),
                        "request.timeout.ms",
                        5_000,
                        "max.block.ms",
                        PATIENCE.toMillis(),
                        "reconnect.backoff.ms",
                        20,
                        "reconnect.backoff.max.ms",
                        100,
                        "retry.backoff.ms",
                        20,
                        "retry.backoff.max.ms",
                        100),
                new StringSerializer(),
                new StringSerializer());
    }

    @Override
    void step() throws InterruptedException {
        if (sent * 1_000_000_000L / load.kafkaPerSecond() > System.nanoTime() - startedAt
                || !free.tryAcquire(100, TimeUnit.MILLISECONDS)) {
            pause();
            return;
        }
        sent++;
        RecordId id = next();
        var _ = producer.send(
                new ProducerRecord<>(target.topic(), Target.key(id), Payload.of(id, load.fill())),
                (metadata, failure) -> {
                    free.release();
                    target.history().add(failure == null ? acknowledged(id, metadata) : new Event.Unknown(id));
                });
    }

    /** A repeat that the leader has stored, but no longer remembers the offsets of, is a success without an offset. */
    private Event acknowledged(RecordId id, RecordMetadata metadata) {
        return metadata.hasOffset()
                ? new Event.Acked(id, target.place(metadata.partition()), metadata.offset())
                : new Event.Stored(id);
    }

    @Override
    void finish() {
        producer.flush();
        producer.close(Duration.ofSeconds(20));
    }
}
