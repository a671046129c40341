package io.jofka.node.rest.data.read;

import io.jofka.api.fault.Fault;
import io.jofka.node.broker.FetchService.Isolation;
import io.jofka.node.broker.OffsetService;
import io.jofka.node.common.TopicPartition;
import io.jofka.node.metadata.ClusterImage;
import io.jofka.node.metadata.TopicImage;
import io.jofka.node.rest.Refusal;
import java.util.ArrayList;
import java.util.List;
import java.util.UUID;

/** All positions of one reader, in the form in which a cursor holds them. Not thread-safe. */
final class Positions {
    private final OffsetService offsets;
    private final List<OfTopic> topics = new ArrayList<>();
    private int turn;

    private record OfTopic(UUID id, String name, boolean whole, List<Position> positions) {}

    Positions(OffsetService offsets) {
        this.offsets = offsets;
    }

    /** All partitions of a topic from a place on. */
    void addTopic(TopicImage topic, OffsetSpec from, Isolation isolation) {
        OfTopic added = new OfTopic(topic.id(), topic.name(), true, new ArrayList<>());
        for (int p = 0; p < topic.partitions().size(); p++) {
            add(added, p, from.resolve(offsets, new TopicPartition(topic.id(), p), isolation));
        }
        topics.add(added);
    }

    /** One partition. */
    void addPartition(TopicImage topic, int partition, long offset) {
        OfTopic of = topics.stream()
                .filter(t -> t.id().equals(topic.id()))
                .findFirst()
                .orElseGet(() -> {
                    OfTopic made = new OfTopic(topic.id(), topic.name(), false, new ArrayList<>());
                    topics.add(made);
                    return made;
                });
        add(of, partition, offset);
    }

    private static void add(OfTopic topic, int partition, long offset) {
        topic.positions().add(new Position(topic.name(), new TopicPartition(topic.id(), partition), offset));
    }

    /** Goes on from a cursor's text; refuses what is none, and one of a topic that is gone. */
    void resume(String text, String pointer, ClusterImage image) {
        Cursor cursor = Cursor.decode(text)
                .orElseThrow(() -> Refusal.at(
                        Fault.INVALID_PARAMETER, pointer, "Not a cursor of this API, or a part of one is missing."));
        turn = cursor.turn();
        for (Cursor.OfTopic of : cursor.topics()) {
            TopicImage topic = image.topic(of.topicId())
                    .orElseThrow(() -> Refusal.at(
                            Fault.UNKNOWN_TOPIC_ID, pointer, "The topic that the cursor belongs to was deleted."));
            OfTopic added = new OfTopic(topic.id(), topic.name(), of.whole(), new ArrayList<>());
            for (Cursor.At at : of.positions()) {
                if (at.partition() >= topic.partitions().size()) {
                    throw Refusal.at(Fault.INVALID_PARAMETER, pointer, "The cursor has a partition that never was.");
                }
                add(added, at.partition(), at.offset());
            }
            topics.add(added);
        }
        grow(image);
    }

    /** Takes partitions in that were added to whole topics; refuses when a topic was deleted meanwhile. */
    void grow(ClusterImage image) {
        for (OfTopic of : topics) {
            TopicImage topic = image.topic(of.id())
                    .orElseThrow(() -> new Refusal(Fault.UNKNOWN_TOPIC_ID, "Topic '" + of.name() + "' was deleted."));
            if (of.whole()) {
                for (int p = of.positions().size(); p < topic.partitions().size(); p++) {
                    add(of, p, 0);
                }
            }
        }
    }

    /** Whether this is about one whole topic, and which. */
    boolean isOnly(UUID topicId) {
        return topics.size() == 1
                && topics.getFirst().id().equals(topicId)
                && topics.getFirst().whole();
    }

    int size() {
        return topics.stream().mapToInt(t -> t.positions().size()).sum();
    }

    /** The positions to ask for the next page, at most {@code limit}; another one is first each time. */
    List<Position> nextTurn(int limit) {
        List<Position> all = all();
        if (all.isEmpty()) {
            return all;
        }
        int first = turn % all.size();
        turn = (first + 1) % all.size();
        List<Position> turned = new ArrayList<>(all.subList(first, all.size()));
        turned.addAll(all.subList(0, first));
        return turned.size() > limit ? turned.subList(0, limit) : turned;
    }

    List<Position> all() {
        List<Position> all = new ArrayList<>();
        topics.forEach(t -> all.addAll(t.positions()));
        return all;
    }

    boolean isAtEnd(Isolation isolation) {
        return all().stream().allMatch(position -> position.isAtEnd(isolation));
    }

    String cursor() {
        List<Cursor.OfTopic> list = new ArrayList<>();
        for (OfTopic of : topics) {
            List<Cursor.At> at = new ArrayList<>(of.positions().size());
            for (Position position : of.positions()) {
                at.add(new Cursor.At(position.partition().partition(), position.next()));
            }
            list.add(new Cursor.OfTopic(of.id(), of.whole(), at));
        }
        return new Cursor(turn, list).encode();
    }
}
