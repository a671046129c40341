package io.jofka.tests.bench;

import io.jofka.tests.harness.Await;
import io.jofka.tests.harness.Folders;
import io.jofka.tests.harness.Ports;
import io.jofka.tests.harness.ProcessFigures;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.locks.LockSupport;

/** Time from the launcher's start to the ready line of a built node, and its memory after some idle seconds. */
final class Startup {
    private static final Duration IDLE = Duration.ofSeconds(5);

    private final Figures figures;

    Startup(Figures figures) {
        this.figures = figures;
    }

    /** Starts {@code ./jofka up} on a fresh folder, then once more on the same one. */
    void run() {
        Path data = Folders.temporary("startup");
        try {
            one(data, "fresh folder");
            one(data, "second start");
        } finally {
            Folders.delete(data);
        }
    }

    private void one(Path data, String config) {
        long started = System.nanoTime();
        Process process = launch(data);
        try (BufferedReader lines =
                new BufferedReader(new InputStreamReader(process.getInputStream(), StandardCharsets.UTF_8))) {
            String line = lines.readLine();
            while (line != null && !line.contains("ready rest=")) {
                line = lines.readLine();
            }
            if (line == null) {
                throw new IllegalStateException("the node ended before it was ready");
            }
            figures.add("jofka", "start_to_ready", config, (System.nanoTime() - started) / 1e6, "ms");
            figures.add(
                    "jofka",
                    "start_cpu",
                    config,
                    ProcessFigures.of(process.pid()).cpuSeconds() * 1000,
                    "ms");
            LockSupport.parkNanos(IDLE.toNanos());
            figures.add(
                    "jofka",
                    "idle_memory",
                    config,
                    ProcessFigures.of(process.pid()).residentMiB(),
                    "MiB");
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        } finally {
            process.destroy();
            if (!Await.within(Duration.ofSeconds(20), () -> !process.isAlive())) {
                process.destroyForcibly();
            }
        }
    }

    private static Process launch(Path data) {
        try {
            return new ProcessBuilder(List.of(
                            Folders.root().resolve("jofka").toString(),
                            "up",
                            "jofka.data-dir=" + data,
                            "server.port=" + Ports.free(),
                            "jofka.kafka.port=" + Ports.free()))
                    .redirectErrorStream(true)
                    .start();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
