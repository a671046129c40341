package io.jofka.tests.experiments;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.Future;
import java.util.stream.IntStream;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.consumer.KafkaConsumer;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.clients.producer.RecordMetadata;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.serialization.StringDeserializer;
import org.apache.kafka.common.serialization.StringSerializer;

/** Numbered records by Kafka's own clients. */
final class Records {
    private static final Duration DEADLINE = Duration.ofSeconds(90);

    private Records() {}

    static KafkaProducer<String, String> producer(String bootstrap, String acks) {
        return new KafkaProducer<>(
                Map.of(
                        "bootstrap.servers",
                        bootstrap,
                        "acks",
                        acks,
                        "enable.idempotence",
                        acks.equals("all"),
                        "delivery.timeout.ms",
                        (int) DEADLINE.toMillis(),
                        "request.timeout.ms",
                        5_000,
                        "max.block.ms",
                        DEADLINE.toMillis(),
                        "reconnect.backoff.max.ms",
                        100),
                new StringSerializer(),
                new StringSerializer());
    }

    /** Sends the numbers {@code from} to before {@code end} as values, without waiting. */
    static List<Future<RecordMetadata>> send(
            KafkaProducer<String, String> producer, String topic, int from, int end, String fill) {
        return IntStream.range(from, end)
                .mapToObj(i -> producer.send(new ProducerRecord<>(topic, Integer.toString(i), i + ":" + fill)))
                .toList();
    }

    /** Waits until all are acknowledged. */
    static void await(List<Future<RecordMetadata>> sent) throws InterruptedException, ExecutionException {
        for (Future<RecordMetadata> one : sent) {
            one.get();
        }
    }

    /** The numbers in the topic; fails on one that is there twice, and when the end is not reached in time. */
    static Set<Integer> read(String bootstrap, String topic, int partitions) {
        Set<Integer> numbers = new TreeSet<>();
        try (KafkaConsumer<String, String> consumer = new KafkaConsumer<>(
                Map.of("bootstrap.servers", bootstrap, "enable.auto.commit", false),
                new StringDeserializer(),
                new StringDeserializer())) {
            List<TopicPartition> all = new ArrayList<>();
            IntStream.range(0, partitions).forEach(i -> all.add(new TopicPartition(topic, i)));
            consumer.assign(all);
            consumer.seekToBeginning(all);
            Map<TopicPartition, Long> ends = consumer.endOffsets(all);
            long deadline = System.nanoTime() + DEADLINE.toNanos();
            while (all.stream().anyMatch(p -> consumer.position(p) < ends.getOrDefault(p, 0L))) {
                if (System.nanoTime() - deadline > 0) {
                    throw new AssertionError("reading stands still at " + numbers.size() + " records of " + ends);
                }
                for (ConsumerRecord<String, String> record : consumer.poll(Duration.ofMillis(200))) {
                    String value = record.value();
                    if (!numbers.add(Integer.parseInt(value.substring(0, value.indexOf(':'))))) {
                        throw new AssertionError("twice: " + value);
                    }
                }
            }
        }
        return numbers;
    }

    static Set<Integer> numbers(int end) {
        Set<Integer> numbers = new TreeSet<>();
        IntStream.range(0, end).forEach(numbers::add);
        return numbers;
    }
}
