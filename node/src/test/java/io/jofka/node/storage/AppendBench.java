package io.jofka.node.storage;

import io.jofka.api.batch.BatchBuilder;
import io.jofka.api.batch.BatchFields;
import io.jofka.api.batch.BatchHeader;
import io.jofka.api.batch.Compression;
import io.jofka.node.common.SecureSeed;
import io.jofka.node.common.SystemClock;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.Comparator;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.BenchmarkMode;
import org.openjdk.jmh.annotations.Fork;
import org.openjdk.jmh.annotations.Level;
import org.openjdk.jmh.annotations.Measurement;
import org.openjdk.jmh.annotations.Mode;
import org.openjdk.jmh.annotations.OutputTimeUnit;
import org.openjdk.jmh.annotations.Param;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.Setup;
import org.openjdk.jmh.annotations.State;
import org.openjdk.jmh.annotations.TearDown;
import org.openjdk.jmh.annotations.Warmup;

/**
 * Appending one batch of about 64 KiB to a log on the real disk, one thread, beside the same bytes written and forced
 * through a bare file channel: the ratio is what indexes, rolling and book-keeping cost. Files go to the folder that
 * {@code java.io.tmpdir} names and are dropped after each iteration.
 */
@State(Scope.Thread)
@BenchmarkMode(Mode.Throughput)
@OutputTimeUnit(TimeUnit.SECONDS)
@Fork(1)
@Warmup(iterations = 3, time = 1)
@Measurement(iterations = 5, time = 1)
public class AppendBench {
    private static final int BATCH_BYTES = 64 << 10;
    private static final long TIME_MS = 1_700_000_000_000L;
    private static final LogConfig CONFIG = new LogConfig(
            256L << 20, 604_800_000, 4096, -1, -1, true, false, 86_400_000, 0, Long.MAX_VALUE, 0.5, 86_400_000);

    @Param({"100", "1024"})
    int valueBytes = 100;

    @Param({"false", "true"})
    boolean forced;

    private ByteBuffer batch = ByteBuffer.allocate(0);
    private @Nullable Path folder;
    private @Nullable LogDirectory directory;
    private @Nullable Log log;
    private @Nullable FileChannel bare;

    @Setup(Level.Trial)
    public void build() {
        BatchBuilder builder = new BatchBuilder(Compression.NONE, -1);
        byte[] value = new byte[valueBytes];
        for (int i = 0; i < BATCH_BYTES / valueBytes; i++) {
            builder.append(TIME_MS + i, null, ByteBuffer.wrap(value), List.of());
        }
        batch = builder.build(0, 0);
    }

    @Setup(Level.Iteration)
    public void open() throws IOException {
        Path made = Files.createTempDirectory("jofka-append-bench");
        folder = made;
        LogDirectory opened = LogDirectory.open(
                made.resolve("log"),
                "bench",
                new NioDisk(),
                new SystemClock(),
                new SecureSeed(),
                (type, sentence, details) -> {},
                new SimpleMeterRegistry(),
                StorageConfig.defaults());
        directory = opened;
        log = opened.createLog(LogKit.PARTITION, CONFIG);
        bare = FileChannel.open(made.resolve("bare"), StandardOpenOption.CREATE, StandardOpenOption.WRITE);
    }

    @Benchmark
    public long appendToLog() {
        Log to = log;
        if (to == null) {
            throw new IllegalStateException("not set up");
        }
        BatchFields.setBaseOffset(batch, 0, to.logEndOffset());
        to.append(new ByteBuffer[] {batch.duplicate()}, List.of(BatchHeader.read(batch, 0)));
        return forced ? to.force() : to.logEndOffset();
    }

    @Benchmark
    public long writeToFile() throws IOException {
        FileChannel to = bare;
        if (to == null) {
            throw new IllegalStateException("not set up");
        }
        ByteBuffer bytes = batch.duplicate();
        while (bytes.hasRemaining()) {
            to.write(bytes);
        }
        if (forced) {
            to.force(false);
        }
        return to.position();
    }

    @TearDown(Level.Iteration)
    public void drop() throws IOException {
        Log open = log;
        LogDirectory around = directory;
        FileChannel file = bare;
        Path made = folder;
        if (open == null || around == null || file == null || made == null) {
            throw new IllegalStateException("not set up");
        }
        open.close();
        around.close();
        file.close();
        try (Stream<Path> all = Files.walk(made)) {
            all.sorted(Comparator.reverseOrder()).forEach(AppendBench::remove);
        }
    }

    private static void remove(Path path) {
        try {
            Files.delete(path);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
