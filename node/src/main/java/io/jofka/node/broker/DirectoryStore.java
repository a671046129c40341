package io.jofka.node.broker;

import io.jofka.node.common.TopicPartition;
import io.jofka.node.storage.Log;
import io.jofka.node.storage.LogConfig;
import io.jofka.node.storage.LogDirectory;
import io.jofka.node.storage.StorageFailure;
import java.nio.file.Path;
import java.util.Set;
import java.util.concurrent.CompletableFuture;

/** A {@link LogDirectory} as the broker uses it. Thread-safe. The directory itself is opened and closed by the caller. */
public final class DirectoryStore implements LogStore {
    private final LogDirectory directory;

    public DirectoryStore(LogDirectory directory) {
        this.directory = directory;
    }

    @Override
    public Set<TopicPartition> stored() {
        return directory.list();
    }

    @Override
    public Log open(TopicPartition partition, LogConfig config) {
        return directory.contains(partition)
                ? directory.openLog(partition, config)
                : directory.createLog(partition, config);
    }

    @Override
    public void remove(TopicPartition partition) {
        directory.removeLog(partition);
    }

    @Override
    public CompletableFuture<Long> forceSoon(Log log) {
        return directory.forceSoon(log);
    }

    @Override
    public Path path() {
        return directory.path();
    }

    @Override
    public String offlineReason() {
        return directory
                .offline()
                .map(StorageFailure::getMessage)
                .map(String::valueOf)
                .orElse("");
    }

    @Override
    public long totalBytes() {
        return directory.totalBytes();
    }

    @Override
    public long usableBytes() {
        return directory.usableBytes();
    }
}
