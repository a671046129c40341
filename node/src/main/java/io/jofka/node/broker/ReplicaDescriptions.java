package io.jofka.node.broker;

import io.jofka.node.common.TopicPartition;
import io.jofka.node.storage.Log.SegmentInfo;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;

/** What admin faces show of the replicas on this node. Thread-safe, a moment's view. */
public interface ReplicaDescriptions {
    Optional<Replica> replica(TopicPartition partition);

    List<Replica> replicas();

    List<LogDirectory> directories();

    List<ProducerEntry> producers(TopicPartition partition);

    /** {@code offlineReason} is empty for a partition that serves. */
    record Replica(
            TopicPartition partition,
            PartitionOffsets offsets,
            long forcedOffset,
            long sizeBytes,
            List<SegmentInfo> segments,
            String offlineReason) {}

    record LogDirectory(Path path, boolean online, String offlineReason, long totalBytes, long usableBytes) {}

    /** One producer that the partition remembers; {@code openTransactionStart} is -1 without one. */
    record ProducerEntry(
            long producerId, short producerEpoch, int lastSequence, long lastTimestampMs, long openTransactionStart) {}
}
