package io.jofka.tests.workload;

import com.fasterxml.jackson.databind.JsonNode;
import io.jofka.tests.harness.Rest;
import io.jofka.tests.history.Event;
import io.jofka.tests.history.History;
import io.jofka.tests.history.Place;
import io.jofka.tests.history.RecordId;
import java.io.UncheckedIOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.IntStream;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.consumer.KafkaConsumer;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.serialization.StringDeserializer;

/** Reads a topic over both protocols: while a run goes on, and whole at its end. */
public final class Readers {
    private static final Duration DEADLINE = Duration.ofSeconds(60);

    private Readers() {}

    private static KafkaConsumer<String, String> consumer(Target target) {
        return new KafkaConsumer<>(
                Map.of(
                        "bootstrap.servers", target.kafka(),
                        "enable.auto.commit", false,
                        "auto.offset.reset", "earliest",
                        "reconnect.backoff.ms", 20,
                        "reconnect.backoff.max.ms", 100,
                        "request.timeout.ms", 5_000,
                        "fetch.max.wait.ms", 100),
                new StringDeserializer(),
                new StringDeserializer());
    }

    private static List<TopicPartition> all(Target target) {
        return IntStream.range(0, target.partitions())
                .mapToObj(partition -> new TopicPartition(target.topic(), partition))
                .toList();
    }

    /** A Kafka consumer that follows all partitions by itself, across the death of the node. */
    static final class Following extends Client {
        private final KafkaConsumer<String, String> consumer;

        Following(Target target, String name) {
            super(target, name);
            this.consumer = consumer(target);
            consumer.assign(all(target));
        }

        @Override
        void step() {
            var records = consumer.poll(Duration.ofMillis(100));
            for (TopicPartition partition : records.partitions()) {
                List<Event.Seen> seen = new ArrayList<>();
                for (ConsumerRecord<String, String> record : records.records(partition)) {
                    seen.add(new Event.Seen(record.offset(), Payload.parse(record.value())));
                }
                target.history().add(new Event.Polled(name, 0, target.place(partition.partition()), seen));
            }
        }

        @Override
        void finish() {
            consumer.close(org.apache.kafka.clients.consumer.CloseOptions.timeout(Duration.ofSeconds(5)));
        }
    }

    /** A REST reader that pages through all partitions. */
    static final class Paging extends Client {
        private final Nodes nodes;
        private final Map<Integer, Long> next = new HashMap<>();

        Paging(Target target, String name) {
            super(target, name);
            this.nodes = new Nodes(target.rest(), 0);
        }

        @Override
        void step() {
            for (int partition = 0; partition < target.partitions() && running(); partition++) {
                try {
                    Page page = page(nodes.current(), target.place(partition), next.getOrDefault(partition, 0L), 20);
                    next.put(partition, page.nextOffset());
                    if (!page.records().isEmpty()) {
                        target.history().add(new Event.Polled(name, 0, target.place(partition), page.records()));
                    }
                } catch (UncheckedIOException | Unavailable e) {
                    nodes.rotate();
                    pause();
                }
            }
            nodes.rotate();
        }
    }

    private record Page(List<Event.Seen> records, long nextOffset, long highWatermark) {}

    private static final class Unavailable extends RuntimeException {
        private static final long serialVersionUID = 1;

        Unavailable(String message) {
            super(message);
        }
    }

    private static Page page(Rest rest, Place place, long offset, int waitMs) {
        Rest.Answer answer = rest.get("/topics/" + place.topic() + "/partitions/" + place.partition()
                + "/records?offset=" + offset + "&maxRecords=1000&format=text&waitMs=" + waitMs);
        if (answer.status() == 503 || answer.status() == 504 || isBehind(answer, offset)) {
            throw new Unavailable(answer.text());
        }
        JsonNode page = answer.orFail().json();
        List<Event.Seen> records = new ArrayList<>();
        for (JsonNode record : page.get("records")) {
            records.add(new Event.Seen(
                    record.get("offset").asLong(),
                    Payload.parse(record.path("value").asText())));
        }
        return new Page(
                records,
                page.get("nextOffset").asLong(),
                page.get("highWatermark").asLong());
    }

    /**
     * Whether a leader that was cut off and does not know that it was deposed says that the offset is beyond its end. A
     * REST reader states no leader epoch, by which a Kafka client is told more (KIP-320). No promise is broken (A12 to
     * A14 of the case list): nothing wrong was read, and the reader goes on at the same offset elsewhere. An offset below
     * the log's start stays a failure.
     */
    private static boolean isBehind(Rest.Answer answer, long offset) {
        return answer.status() == 410
                && offset > answer.json().path("highWatermark").asLong(Long.MAX_VALUE);
    }

    /** Every partition whole, over the REST interface of the first node. */
    public static History.FinalLog overRest(Target target) {
        History.FinalLog log = new History.FinalLog();
        Rest rest = new Rest(target.rest().getFirst());
        for (int partition = 0; partition < target.partitions(); partition++) {
            long offset = 0;
            while (true) {
                Page page = page(rest, target.place(partition), offset, 0);
                log.add(target.place(partition), page.records());
                if (page.nextOffset() >= page.highWatermark() && page.records().isEmpty()) {
                    break;
                }
                if (page.nextOffset() <= offset) {
                    throw new AssertionError("REST reading stands still at " + offset + " below " + page.highWatermark()
                            + " in " + target.place(partition));
                }
                offset = page.nextOffset();
            }
        }
        return log;
    }

    /** Every partition whole, over the Kafka protocol. */
    public static History.FinalLog overKafka(Target target) {
        History.FinalLog log = new History.FinalLog();
        try (KafkaConsumer<String, String> consumer = consumer(target)) {
            List<TopicPartition> partitions = all(target);
            consumer.assign(partitions);
            consumer.seekToBeginning(partitions);
            Map<TopicPartition, Long> ends = consumer.endOffsets(partitions);
            partitions.forEach(partition -> log.add(target.place(partition.partition()), List.of()));
            long deadline = System.nanoTime() + DEADLINE.toNanos();
            while (partitions.stream()
                    .anyMatch(partition -> consumer.position(partition) < ends.getOrDefault(partition, 0L))) {
                if (System.nanoTime() - deadline > 0) {
                    throw new AssertionError("the consumer did not reach " + ends + " within " + DEADLINE);
                }
                for (ConsumerRecord<String, String> record : consumer.poll(Duration.ofMillis(200))) {
                    RecordId id = Payload.parse(record.value());
                    log.add(target.place(record.partition()), List.of(new Event.Seen(record.offset(), id)));
                }
            }
        }
        return log;
    }
}
