package io.jofka.node.kafka;

import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.List;
import org.apache.kafka.common.Uuid;
import org.apache.kafka.common.compress.Compression;
import org.apache.kafka.common.message.FetchRequestData;
import org.apache.kafka.common.message.FetchResponseData;
import org.apache.kafka.common.message.ListOffsetsRequestData;
import org.apache.kafka.common.message.ListOffsetsRequestData.ListOffsetsPartition;
import org.apache.kafka.common.message.ListOffsetsRequestData.ListOffsetsTopic;
import org.apache.kafka.common.message.ProduceRequestData;
import org.apache.kafka.common.message.ProduceRequestData.PartitionProduceData;
import org.apache.kafka.common.message.ProduceRequestData.TopicProduceData;
import org.apache.kafka.common.record.internal.MemoryRecords;
import org.apache.kafka.common.record.internal.SimpleRecord;

/** Requests that make sense. */
final class PlainData {
    private PlainData() {}

    static MemoryRecords records(String... values) {
        SimpleRecord[] records = new SimpleRecord[values.length];
        for (int i = 0; i < values.length; i++) {
            records[i] = new SimpleRecord(1000 + i, values[i].getBytes(StandardCharsets.UTF_8));
        }
        return MemoryRecords.withRecords(Compression.NONE, records);
    }

    static MemoryRecords bytes(int size) {
        return MemoryRecords.withRecords(Compression.NONE, new SimpleRecord(1000, new byte[size]));
    }

    static ProduceRequestData produce(FakeCluster cluster, String topic, int partition, int acks, MemoryRecords data) {
        TopicProduceData topicData = new TopicProduceData()
                .setName(topic)
                .setTopicId(id(cluster, topic))
                .setPartitionData(
                        List.of(new PartitionProduceData().setIndex(partition).setRecords(data)));
        ProduceRequestData request =
                new ProduceRequestData().setAcks((short) acks).setTimeoutMs(5000);
        request.topicData().add(topicData);
        return request;
    }

    static FetchRequestData fetch(FakeCluster cluster, String topic, int partition, long offset, int waitMs) {
        return new FetchRequestData()
                .setMaxWaitMs(waitMs)
                .setMinBytes(1)
                .setMaxBytes(10 << 20)
                .setTopics(List.of(new FetchRequestData.FetchTopic()
                        .setTopic(topic)
                        .setTopicId(id(cluster, topic))
                        .setPartitions(List.of(new FetchRequestData.FetchPartition()
                                .setPartition(partition)
                                .setFetchOffset(offset)
                                .setPartitionMaxBytes(10 << 20)))));
    }

    static ListOffsetsRequestData listOffsets(String topic, int partition, long timestamp) {
        return new ListOffsetsRequestData()
                .setReplicaId(-1)
                .setTopics(List.of(new ListOffsetsTopic()
                        .setName(topic)
                        .setPartitions(List.of(new ListOffsetsPartition()
                                .setPartitionIndex(partition)
                                .setTimestamp(timestamp)))));
    }

    static Uuid id(FakeCluster cluster, String topic) {
        return cluster.current()
                .topic(topic)
                .map(known ->
                        new Uuid(known.id().getMostSignificantBits(), known.id().getLeastSignificantBits()))
                .orElse(new Uuid(9, 9));
    }

    static ByteBuffer records(FetchResponseData response) {
        MemoryRecords records = (MemoryRecords)
                response.responses().getFirst().partitions().getFirst().records();
        return records.buffer();
    }
}
