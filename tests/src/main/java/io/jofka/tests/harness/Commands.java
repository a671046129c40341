package io.jofka.tests.harness;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.TimeUnit;

/** Runs other programs with a deadline and takes what they print. */
public final class Commands {
    private Commands() {}

    /** What a program printed (both streams apart) and how it ended. */
    public record Result(int exit, String out, String err) {
        /** The output of a program that must have ended with 0. */
        public String orFail() {
            if (exit != 0) {
                throw new AssertionError("exit " + exit + "\n" + out + "\n" + err);
            }
            return out;
        }
    }

    /** The program's path when it is on the PATH. */
    public static Optional<Path> find(String program) {
        String path = System.getenv("PATH");
        for (String folder : (path == null ? "" : path).split(":", -1)) {
            Path file = Path.of(folder.isEmpty() ? "." : folder, program);
            if (Files.isExecutable(file) && Files.isRegularFile(file)) {
                return Optional.of(file);
            }
        }
        return Optional.empty();
    }

    /** Runs a program to its end with nothing on its standard input. */
    public static Result run(Duration deadline, List<String> command) {
        return run(deadline, command, new byte[0], Map.of(), Path.of("."));
    }

    /** Runs a program to its end; it is killed when the deadline is over. */
    public static Result run(
            Duration deadline, List<String> command, byte[] input, Map<String, String> environment, Path folder) {
        Path out = null;
        Path err = null;
        Path in = null;
        try {
            out = Files.createTempFile("jofka-out-", "");
            err = Files.createTempFile("jofka-err-", "");
            in = Files.createTempFile("jofka-in-", "");
            Files.write(in, input);
            ProcessBuilder builder = new ProcessBuilder(command)
                    .directory(folder.toFile())
                    .redirectInput(in.toFile())
                    .redirectOutput(out.toFile())
                    .redirectError(err.toFile());
            builder.environment().putAll(environment);
            Process process = builder.start();
            try {
                if (!process.waitFor(deadline.toMillis(), TimeUnit.MILLISECONDS)) {
                    throw new AssertionError(
                            "not done within " + deadline + ": " + command + "\n" + text(out) + "\n" + text(err));
                }
                return new Result(process.exitValue(), text(out), text(err));
            } finally {
                process.descendants().forEach(ProcessHandle::destroyForcibly);
                process.destroyForcibly();
            }
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IllegalStateException(e);
        } finally {
            remove(out);
            remove(err);
            remove(in);
        }
    }

    private static String text(Path file) throws IOException {
        return new String(Files.readAllBytes(file), StandardCharsets.UTF_8);
    }

    private static void remove(@org.jspecify.annotations.Nullable Path file) {
        if (file != null) {
            Folders.delete(file);
        }
    }
}
