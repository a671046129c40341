package io.jofka.node.metadata;

import com.google.protobuf.InvalidProtocolBufferException;
import io.jofka.node.metadata.MetadataRecord.Feature;
import io.jofka.node.metadata.MetadataRecord.PartitionChange;
import io.jofka.node.metadata.MetadataRecord.ProducerIdBlock;
import io.jofka.node.metadata.NodeImage.Endpoint;
import io.jofka.node.metadata.proto.ClusterRecord;
import io.jofka.node.metadata.proto.ConfigEntry;
import io.jofka.node.metadata.proto.ConfigRecord;
import io.jofka.node.metadata.proto.FeatureRecord;
import io.jofka.node.metadata.proto.Id;
import io.jofka.node.metadata.proto.NodeChangeRecord;
import io.jofka.node.metadata.proto.NodeRegisteredRecord;
import io.jofka.node.metadata.proto.Nodes;
import io.jofka.node.metadata.proto.PartitionChangeRecord;
import io.jofka.node.metadata.proto.PartitionRecord;
import io.jofka.node.metadata.proto.ProducerIdBlockRecord;
import io.jofka.node.metadata.proto.RecordEnvelope;
import io.jofka.node.metadata.proto.RemoveNodeRecord;
import io.jofka.node.metadata.proto.RemoveTopicRecord;
import io.jofka.node.metadata.proto.TopicRecord;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.TreeMap;
import java.util.UUID;

/** Metadata records as bytes of the metadata log and its snapshots (metadata_records.proto). Equal records give equal bytes. */
public final class RecordCodec {
    /** The one schema version that all kinds have so far. */
    static final int VERSION = 1;

    private RecordCodec() {}

    public static byte[] bytes(MetadataRecord metadata) {
        RecordEnvelope.Builder envelope = RecordEnvelope.newBuilder().setVersion(VERSION);
        switch (metadata) {
            case MetadataRecord.Topic record ->
                envelope.setTopic(TopicRecord.newBuilder()
                        .setId(id(record.id()))
                        .setName(record.name())
                        .setInternal(record.internal())
                        .setCreatedIndexPlusOne(record.createdIndex() + 1)
                        .setChangedIndexPlusOne(record.changedIndex() + 1));
            case MetadataRecord.RemoveTopic record ->
                envelope.setRemoveTopic(RemoveTopicRecord.newBuilder().setId(id(record.id())));
            case MetadataRecord.Partition record ->
                envelope.setPartition(partition(record.topicId(), record.partition()));
            case PartitionChange record -> envelope.setPartitionChange(change(record));
            case MetadataRecord.NodeRegistered record -> envelope.setNodeRegistered(node(record.node()));
            case MetadataRecord.NodeChange record ->
                envelope.setNodeChange(NodeChangeRecord.newBuilder()
                        .setId(record.id())
                        .setFenced(record.fenced())
                        .setDraining(record.draining())
                        .setDecommissioning(record.decommissioning()));
            case MetadataRecord.RemoveNode record ->
                envelope.setRemoveNode(RemoveNodeRecord.newBuilder().setId(record.id()));
            case MetadataRecord.TopicConfig record ->
                envelope.setConfig(entries(record.entries()).setTopicId(id(record.topicId())));
            case MetadataRecord.NodeConfig record ->
                envelope.setConfig(entries(record.entries()).setNode(record.node()));
            case ProducerIdBlock record ->
                envelope.setProducerIdBlock(ProducerIdBlockRecord.newBuilder()
                        .setNode(record.node())
                        .setFirst(record.first())
                        .setNext(record.next()));
            case MetadataRecord.Cluster record ->
                envelope.setCluster(ClusterRecord.newBuilder().setClusterId(record.clusterId()));
            case Feature record ->
                envelope.setFeature(
                        FeatureRecord.newBuilder().setName(record.name()).setLevel(record.level()));
        }
        return envelope.build().toByteArray();
    }

    /** Fails with {@link UnreadableMetadata} on anything this program does not fully understand. */
    public static MetadataRecord record(byte[] bytes) {
        RecordEnvelope envelope;
        try {
            envelope = RecordEnvelope.parseFrom(bytes);
        } catch (InvalidProtocolBufferException e) {
            throw new UnreadableMetadata("A metadata record of " + bytes.length + " bytes cannot be parsed", e);
        }
        if (envelope.getVersion() != VERSION) {
            throw new UnreadableMetadata("A metadata record has schema version " + envelope.getVersion()
                    + "; this program knows version " + VERSION + ". It was written by a newer program: upgrade.");
        }
        return switch (envelope.getRecordCase()) {
            case TOPIC -> topic(envelope.getTopic());
            case REMOVE_TOPIC ->
                new MetadataRecord.RemoveTopic(uuid(envelope.getRemoveTopic().getId()));
            case PARTITION -> partition(envelope.getPartition());
            case PARTITION_CHANGE -> change(envelope.getPartitionChange());
            case NODE_REGISTERED -> new MetadataRecord.NodeRegistered(node(envelope.getNodeRegistered()));
            case NODE_CHANGE ->
                new MetadataRecord.NodeChange(
                        envelope.getNodeChange().getId(),
                        envelope.getNodeChange().getFenced(),
                        envelope.getNodeChange().getDraining(),
                        envelope.getNodeChange().getDecommissioning());
            case REMOVE_NODE ->
                new MetadataRecord.RemoveNode(envelope.getRemoveNode().getId());
            case CONFIG -> config(envelope.getConfig());
            case PRODUCER_ID_BLOCK ->
                new ProducerIdBlock(
                        envelope.getProducerIdBlock().getNode(),
                        envelope.getProducerIdBlock().getFirst(),
                        envelope.getProducerIdBlock().getNext());
            case CLUSTER -> new MetadataRecord.Cluster(envelope.getCluster().getClusterId());
            case FEATURE ->
                new Feature(
                        envelope.getFeature().getName(), envelope.getFeature().getLevel());
            case RECORD_NOT_SET ->
                throw new UnreadableMetadata(
                        "A metadata record has a kind that this program does not know; it was written by a newer"
                                + " program: upgrade.");
        };
    }

    private static MetadataRecord topic(TopicRecord topic) {
        return new MetadataRecord.Topic(
                topic.getName(),
                uuid(topic.getId()),
                topic.getInternal(),
                topic.getCreatedIndexPlusOne() - 1,
                topic.getChangedIndexPlusOne() - 1);
    }

    private static PartitionRecord.Builder partition(UUID topicId, PartitionImage partition) {
        return PartitionRecord.newBuilder()
                .setTopicId(id(topicId))
                .setPartition(partition.partition())
                .addAllReplicas(partition.replicas())
                .addAllIsr(partition.isr())
                .addAllEligible(partition.eligible())
                .setLeader(partition.leader())
                .setLeaderEpoch(partition.leaderEpoch())
                .setPartitionEpoch(partition.partitionEpoch())
                .addAllAdding(partition.adding())
                .addAllRemoving(partition.removing());
    }

    private static MetadataRecord partition(PartitionRecord record) {
        return new MetadataRecord.Partition(
                uuid(record.getTopicId()),
                new PartitionImage(
                        record.getPartition(),
                        List.copyOf(record.getReplicasList()),
                        List.copyOf(record.getIsrList()),
                        List.copyOf(record.getEligibleList()),
                        record.getLeader(),
                        record.getLeaderEpoch(),
                        record.getPartitionEpoch(),
                        List.copyOf(record.getAddingList()),
                        List.copyOf(record.getRemovingList())));
    }

    private static PartitionChangeRecord.Builder change(PartitionChange change) {
        PartitionChangeRecord.Builder record = PartitionChangeRecord.newBuilder()
                .setTopicId(id(change.topicId()))
                .setPartition(change.partition());
        change.replicas().ifPresent(ids -> record.setReplicas(Nodes.newBuilder().addAllIds(ids)));
        change.isr().ifPresent(ids -> record.setIsr(Nodes.newBuilder().addAllIds(ids)));
        change.eligible().ifPresent(ids -> record.setEligible(Nodes.newBuilder().addAllIds(ids)));
        change.leader().ifPresent(record::setLeader);
        change.adding().ifPresent(ids -> record.setAdding(Nodes.newBuilder().addAllIds(ids)));
        change.removing().ifPresent(ids -> record.setRemoving(Nodes.newBuilder().addAllIds(ids)));
        return record;
    }

    private static MetadataRecord change(PartitionChangeRecord record) {
        return new PartitionChange(
                uuid(record.getTopicId()),
                record.getPartition(),
                record.hasReplicas() ? Optional.of(ids(record.getReplicas())) : Optional.empty(),
                record.hasIsr() ? Optional.of(ids(record.getIsr())) : Optional.empty(),
                record.hasEligible() ? Optional.of(ids(record.getEligible())) : Optional.empty(),
                record.hasLeader() ? OptionalInt.of(record.getLeader()) : OptionalInt.empty(),
                record.hasAdding() ? Optional.of(ids(record.getAdding())) : Optional.empty(),
                record.hasRemoving() ? Optional.of(ids(record.getRemoving())) : Optional.empty());
    }

    private static List<Integer> ids(Nodes nodes) {
        return List.copyOf(nodes.getIdsList());
    }

    private static NodeRegisteredRecord.Builder node(NodeImage node) {
        NodeRegisteredRecord.Builder record = NodeRegisteredRecord.newBuilder()
                .setId(node.id())
                .setIncarnation(id(node.incarnation()))
                .setBroker(node.broker())
                .setController(node.controller())
                .setFenced(node.fenced())
                .setRack(node.rack())
                .setDraining(node.draining())
                .setDecommissioning(node.decommissioning());
        new TreeMap<>(node.endpoints())
                .forEach((listener, endpoint) -> record.addEndpoints(io.jofka.node.metadata.proto.Endpoint.newBuilder()
                        .setListener(listener)
                        .setHost(endpoint.host())
                        .setPort(endpoint.port())));
        node.logDirectories().forEach(directory -> record.addLogDirectories(id(directory)));
        return record;
    }

    private static NodeImage node(NodeRegisteredRecord record) {
        Map<String, Endpoint> endpoints = new TreeMap<>();
        record.getEndpointsList()
                .forEach(endpoint ->
                        endpoints.put(endpoint.getListener(), new Endpoint(endpoint.getHost(), endpoint.getPort())));
        return new NodeImage(
                record.getId(),
                uuid(record.getIncarnation()),
                record.getBroker(),
                record.getController(),
                record.getFenced(),
                record.getRack(),
                Map.copyOf(endpoints),
                record.getLogDirectoriesList().stream().map(RecordCodec::uuid).toList(),
                record.getDraining(),
                record.getDecommissioning());
    }

    private static ConfigRecord.Builder entries(Map<String, Optional<String>> entries) {
        ConfigRecord.Builder record = ConfigRecord.newBuilder();
        new TreeMap<>(entries).forEach((key, value) -> {
            ConfigEntry.Builder entry = ConfigEntry.newBuilder().setKey(key);
            value.ifPresent(entry::setValue);
            record.addEntries(entry);
        });
        return record;
    }

    private static MetadataRecord config(ConfigRecord record) {
        Map<String, Optional<String>> entries = new LinkedHashMap<>();
        record.getEntriesList()
                .forEach(entry -> entries.put(
                        entry.getKey(), entry.hasValue() ? Optional.of(entry.getValue()) : Optional.empty()));
        return switch (record.getResourceCase()) {
            case TOPIC_ID -> new MetadataRecord.TopicConfig(uuid(record.getTopicId()), Map.copyOf(entries));
            case NODE -> new MetadataRecord.NodeConfig(record.getNode(), Map.copyOf(entries));
            case RESOURCE_NOT_SET ->
                throw new UnreadableMetadata("A configuration record is for a kind of resource that this program does"
                        + " not know; it was written by a newer program: upgrade.");
        };
    }

    private static Id id(UUID id) {
        return Id.newBuilder()
                .setHigh(id.getMostSignificantBits())
                .setLow(id.getLeastSignificantBits())
                .build();
    }

    private static UUID uuid(Id id) {
        return new UUID(id.getHigh(), id.getLow());
    }
}
