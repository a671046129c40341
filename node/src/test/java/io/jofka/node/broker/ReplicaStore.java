package io.jofka.node.broker;

import io.jofka.api.batch.BatchReader;
import io.jofka.api.batch.BatchSequence;
import io.jofka.api.batch.InflationLimits;
import io.jofka.api.batch.LogRecord;
import io.jofka.node.common.TopicPartition;
import io.jofka.node.storage.Log;
import io.jofka.node.storage.LogConfig;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.TreeMap;
import java.util.concurrent.CompletableFuture;

/** A store whose forces run when a simulation says. */
record ReplicaStore(LogStore inner, ForceQueue forces) implements LogStore {
    @Override
    public CompletableFuture<Long> forceSoon(Log log) {
        return forces.forceSoon(log);
    }

    @Override
    public Set<TopicPartition> stored() {
        return inner.stored();
    }

    @Override
    public Log open(TopicPartition partition, LogConfig config) {
        return inner.open(partition, config);
    }

    @Override
    public void remove(TopicPartition partition) {
        inner.remove(partition);
    }

    @Override
    public Path path() {
        return inner.path();
    }

    @Override
    public String offlineReason() {
        return inner.offlineReason();
    }

    @Override
    public long totalBytes() {
        return inner.totalBytes();
    }

    @Override
    public long usableBytes() {
        return inner.usableBytes();
    }

    /** Values by offset. */
    static Map<Long, String> records(ByteBuffer batches) {
        Map<Long, String> values = new TreeMap<>();
        for (BatchReader reader : BatchSequence.of(batches, InflationLimits.defaults())) {
            for (LogRecord record : reader) {
                ByteBuffer value = Objects.requireNonNull(record.value());
                values.put(
                        record.offset(),
                        StandardCharsets.UTF_8.decode(value.duplicate()).toString());
            }
        }
        return values;
    }
}
