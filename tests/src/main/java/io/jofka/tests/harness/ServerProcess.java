package io.jofka.tests.harness;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.io.UncheckedIOException;
import java.io.Writer;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Predicate;

/**
 * One child process that is a server: its log goes to a file, it is awaited by a line it prints, it can be killed,
 * stopped, paused, and it never outlives this JVM.
 */
final class ServerProcess {
    private static final AtomicInteger COUNT = new AtomicInteger();

    private final Process process;
    private final Path log;
    private final Thread hook;
    private final CompletableFuture<String> ready = new CompletableFuture<>();
    private final long startedAt = System.nanoTime();
    private volatile long readyAfterNanos;

    private ServerProcess(Process process, Path log) {
        this.process = process;
        this.log = log;
        this.hook = new Thread(process::destroyForcibly);
        Runtime.getRuntime().addShutdownHook(hook);
    }

    static ServerProcess start(
            String name, List<String> command, Map<String, String> environment, Predicate<String> isReady) {
        try {
            Path logs = Files.createDirectories(Folders.target().resolve("nodes"));
            Path log =
                    logs.resolve(name + "-" + ProcessHandle.current().pid() + "-" + COUNT.incrementAndGet() + ".log");
            ProcessBuilder builder = new ProcessBuilder(command).redirectErrorStream(true);
            builder.environment().putAll(environment);
            ServerProcess server = new ServerProcess(builder.start(), log);
            Thread.ofPlatform().daemon().name("log of " + name).start(() -> server.copyLog(isReady));
            return server;
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private void copyLog(Predicate<String> isReady) {
        try (BufferedReader lines =
                        new BufferedReader(new InputStreamReader(process.getInputStream(), StandardCharsets.UTF_8));
                Writer out = Files.newBufferedWriter(log)) {
            for (String line = lines.readLine(); line != null; line = lines.readLine()) {
                if (!ready.isDone() && isReady.test(line)) {
                    readyAfterNanos = System.nanoTime() - startedAt;
                    ready.complete(line);
                }
                out.write(line + "\n");
                out.flush();
            }
        } catch (IOException e) {
            ready.completeExceptionally(e);
        }
        ready.completeExceptionally(new IOException("the process ended"));
    }

    /** The line that said ready. */
    String awaitReady(Duration deadline) {
        try {
            return ready.get(deadline.toMillis(), TimeUnit.MILLISECONDS);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            kill();
            throw new IllegalStateException(e);
        } catch (Exception e) {
            kill();
            throw new AssertionError("not ready within " + deadline + " (" + e.getMessage() + "); " + tail(), e);
        }
    }

    Duration readyAfter() {
        return Duration.ofNanos(readyAfterNanos);
    }

    long pid() {
        return process.pid();
    }

    boolean alive() {
        return process.isAlive();
    }

    Path log() {
        return log;
    }

    String tail() {
        try {
            List<String> lines = Files.exists(log) ? Files.readAllLines(log) : List.of();
            return log + ":\n" + String.join("\n", lines.subList(Math.max(0, lines.size() - 60), lines.size()));
        } catch (IOException e) {
            return log + ": " + e.getMessage();
        }
    }

    /** SIGKILL; returns when the process is gone. */
    void kill() {
        process.destroyForcibly();
        awaitEnd(Duration.ofSeconds(20));
        forget();
    }

    /** SIGTERM; the exit code, or a failure when it does not end within the deadline. */
    int terminate(Duration deadline) {
        process.destroy();
        if (!awaitEnd(deadline)) {
            kill();
            throw new AssertionError("did not stop within " + deadline + " of SIGTERM; " + tail());
        }
        forget();
        return process.exitValue();
    }

    void signal(String name) {
        Commands.run(Duration.ofSeconds(10), List.of("kill", "-" + name, Long.toString(pid())))
                .orFail();
    }

    private void forget() {
        try {
            Runtime.getRuntime().removeShutdownHook(hook);
        } catch (IllegalStateException e) {
            // this JVM is going down and runs the hook itself
        }
    }

    private boolean awaitEnd(Duration deadline) {
        try {
            return process.waitFor(deadline.toMillis(), TimeUnit.MILLISECONDS);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            return false;
        }
    }
}
