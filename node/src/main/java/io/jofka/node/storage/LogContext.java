package io.jofka.node.storage;

import io.jofka.api.batch.InflationLimits;
import io.jofka.node.common.Clock;
import io.jofka.node.common.Disk;
import io.jofka.node.common.Events;
import io.micrometer.core.instrument.MeterRegistry;
import java.nio.file.Path;
import java.util.function.Consumer;

/**
 * What all logs of a directory share.
 *
 * @param background runs work that nobody waits for, such as writing the index of a rolled segment
 * @param headers small buffers for look-ups
 * @param scans large buffers for recovery and rebuilding
 */
record LogContext(
        Path root,
        Disk disk,
        Clock clock,
        StorageConfig config,
        DirectoryHealth health,
        LogMetrics metrics,
        FileCache files,
        IndexCache indexes,
        BufferPool headers,
        BufferPool scans,
        InflationLimits inflation,
        Consumer<Runnable> background) {
    private static final int SCAN_BUFFER_BYTES = 256 << 10;
    private static final int HEADER_BUFFER_BYTES = 8 << 10;

    static LogContext of(
            Path root,
            Disk disk,
            Clock clock,
            Events events,
            MeterRegistry registry,
            StorageConfig config,
            Consumer<Runnable> background) {
        LogMetrics metrics = new LogMetrics(registry);
        DirectoryHealth health = new DirectoryHealth(root, events);
        return new LogContext(
                root,
                disk,
                clock,
                config,
                health,
                metrics,
                new FileCache(disk, health, metrics, config.maxOpenFiles()),
                new IndexCache(config.indexCacheBytes()),
                new BufferPool(HEADER_BUFFER_BYTES, 16),
                new BufferPool(SCAN_BUFFER_BYTES, 4),
                new InflationLimits(config.maxInflatedBytes(), Integer.MAX_VALUE),
                background);
    }
}
