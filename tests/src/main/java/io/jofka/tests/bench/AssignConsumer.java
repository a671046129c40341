package io.jofka.tests.bench;

import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.stream.IntStream;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.consumer.KafkaConsumer;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.serialization.ByteArrayDeserializer;

/**
 * A process that reads a topic to its end without a group and prints records, bytes and seconds. The settings are those
 * of Kafka's ConsumerPerformance. usage: AssignConsumer BOOTSTRAP TOPIC PARTITIONS
 */
public final class AssignConsumer {
    private AssignConsumer() {}

    public static void main(String[] args) {
        List<TopicPartition> all = IntStream.range(0, Integer.parseInt(args[2]))
                .mapToObj(partition -> new TopicPartition(args[1], partition))
                .toList();
        try (KafkaConsumer<byte[], byte[]> consumer = new KafkaConsumer<>(
                Map.of(
                        "bootstrap.servers",
                        args[0],
                        "enable.auto.commit",
                        false,
                        "receive.buffer.bytes",
                        2 << 20,
                        "max.partition.fetch.bytes",
                        1 << 20,
                        "check.crcs",
                        false),
                new ByteArrayDeserializer(),
                new ByteArrayDeserializer())) {
            consumer.assign(all);
            consumer.seekToBeginning(all);
            long end = consumer.endOffsets(all).values().stream()
                    .mapToLong(Long::longValue)
                    .sum();
            long records = 0;
            long bytes = 0;
            long started = System.nanoTime();
            while (records < end) {
                for (ConsumerRecord<byte[], byte[]> record : consumer.poll(Duration.ofSeconds(1))) {
                    records++;
                    bytes += record.serializedValueSize();
                }
                if (System.nanoTime() - started > 240_000_000_000L) {
                    throw new IllegalStateException("only " + records + " of " + end);
                }
            }
            System.out.println(records + "\t" + bytes + "\t" + (System.nanoTime() - started) / 1e9);
        }
    }
}
