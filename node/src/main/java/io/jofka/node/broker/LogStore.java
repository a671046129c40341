package io.jofka.node.broker;

import io.jofka.node.common.TopicPartition;
import io.jofka.node.storage.Log;
import io.jofka.node.storage.LogConfig;
import java.nio.file.Path;
import java.util.Set;

/** The log directory as the broker uses it. Thread-safe; every method may throw {@code StorageFailure}. */
public interface LogStore extends ForceQueue {
    /** What is on disk, whether or not it is open. */
    Set<TopicPartition> stored();

    /** Opens the log, and recovers it if need be; creates it if it is not there. Once at a time for a partition. */
    Log open(TopicPartition partition, LogConfig config);

    /** Removes the files of a log that is not open. */
    void remove(TopicPartition partition);

    Path path();

    /** Why the directory is offline; empty while it serves. */
    String offlineReason();

    long totalBytes();

    long usableBytes();
}
