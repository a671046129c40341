package io.jofka.node.metadata;

import io.jofka.api.fault.Fault;
import io.jofka.node.metadata.MetadataCommand.CreateTopics;
import io.jofka.node.metadata.MetadataCommand.CreatedTopic;
import io.jofka.node.metadata.MetadataCommand.FenceNode;
import io.jofka.node.metadata.MetadataCommand.NameCluster;
import io.jofka.node.metadata.MetadataCommand.NewTopic;
import io.jofka.node.metadata.MetadataCommand.RegisterNode;
import io.jofka.node.metadata.NodeImage.Endpoint;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.UUID;

/** A machine and the image its decisions have made so far, as a leader would have them. */
final class MachineFixture {
    final MetadataMachine machine;
    final List<MetadataRecord> log = new ArrayList<>();
    MetadataImage image = MetadataImage.empty();
    private long nextId;

    MachineFixture() {
        this(MetadataLimits.defaults());
    }

    MachineFixture(MetadataLimits limits) {
        machine = new MetadataMachine(limits, new EffectiveConfigs(1, Map.of()));
    }

    /** With nodes 1 to n, each in the rack of the same place in {@code racks}, or none. */
    MachineFixture nodes(int n, String... racks) {
        run(new NameCluster("cluster-1"));
        for (int id = 1; id <= n; id++) {
            UUID incarnation = new UUID(7, id);
            String rack = id <= racks.length ? racks[id - 1] : "";
            run(new RegisterNode(new NodeImage(
                    id, incarnation, true, true, true, rack, Map.of("kafka", new Endpoint("h", 9092)), List.of())));
            run(new FenceNode(id, incarnation, false));
        }
        return this;
    }

    <A> A run(MetadataCommand<A> command) {
        Decision<A> decision = machine.decide(image, command);
        ImageReplay replay = new ImageReplay(image);
        for (MetadataRecord record : decision.records()) {
            replay.replay(record, log.size(), 1);
            log.add(record);
        }
        image = replay.image();
        return decision.answer();
    }

    UUID freshId() {
        return new UUID(1, ++nextId);
    }

    NewTopic topic(String name, int partitions, int replicas) {
        return new NewTopic(name, freshId(), partitions, replicas, Map.of(), Map.of());
    }

    NewTopic topic(String name, Map<String, String> configs) {
        return new NewTopic(name, freshId(), 1, 1, Map.of(), configs);
    }

    NewTopic assigned(String name, Map<Integer, List<Integer>> assignment) {
        return new NewTopic(name, freshId(), -1, -1, assignment, Map.of());
    }

    Verdict<CreatedTopic> create(NewTopic topic) {
        return run(new CreateTopics(List.of(topic))).getFirst();
    }

    Fault refusal(NewTopic topic) {
        return faultOf(create(topic));
    }

    static Fault faultOf(Verdict<?> verdict) {
        return switch (verdict) {
            case Verdict.Accepted<?>(Object value) -> throw new AssertionError("accepted: " + value);
            case Verdict.Refused<?>(Fault fault, String detail, String pointer) -> fault;
        };
    }

    static <T> T accepted(Verdict<T> verdict) {
        return switch (verdict) {
            case Verdict.Accepted<T>(T value) -> value;
            case Verdict.Refused<T>(Fault fault, String detail, String pointer) ->
                throw new AssertionError(fault + ": " + detail);
        };
    }
}
