package io.jofka.node.storage;

import io.jofka.api.batch.InflationLimits;
import io.jofka.node.common.Clock;
import io.jofka.node.common.Disk;
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
        Consumer<Runnable> background) {}
