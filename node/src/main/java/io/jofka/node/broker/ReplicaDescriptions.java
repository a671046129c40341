package io.jofka.node.broker;

import io.jofka.node.common.TopicPartition;
import io.jofka.node.storage.Log.SegmentInfo;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;

/** What admin faces show of the replicas on this node. Thread-safe, a moment's view. */
public interface ReplicaDescriptions {
    Optional<Replica> replica(TopicPartition partition);

    List<Replica> replicas();

    List<LogDirectory> directories();

    List<ProducerEntry> producers(TopicPartition partition);

    /** What the leaders know of the partitions and their followers, in the order asked; empty where one does not answer. */
    List<Optional<Led>> led(List<TopicPartition> partitions);

    /** Where the log of one replica ends, as its own node says; empty when it does not answer. Never fails. */
    CompletableFuture<Optional<LogEnd>> logEnd(int node, TopicPartition partition);

    /** A partition as its leader has it; {@code offlineReason} is empty while it serves. */
    record Led(PartitionOffsets offsets, long sizeBytes, String offlineReason, List<Follower> followers) {}

    /** A follower by its last fetch: everything below {@code endOffset} is there. */
    record Follower(int node, long endOffset, long fetchedMsAgo) {}

    /** {@code lastEpoch} is the leader epoch of the last record, -1 for an empty log; {@code endOffset} is exclusive. */
    record LogEnd(long startOffset, long endOffset, int lastEpoch, long highWatermark) {}

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
