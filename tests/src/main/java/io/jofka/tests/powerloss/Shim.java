package io.jofka.tests.powerloss;

import io.jofka.tests.harness.Commands;
import io.jofka.tests.harness.Folders;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** Builds the library that journals a process' file calls and says how a process is started under it. */
public final class Shim {
    private final Path library;

    private Shim(Path library) {
        this.library = library;
    }

    /** Compiles {@code tests/native/powercut.c} unless that was done; empty when there is no C compiler. */
    public static synchronized Optional<Shim> build() {
        Path source = Folders.root().resolve("tests/native/powercut.c");
        Path library = Folders.target().resolve("native/powercut.so");
        Optional<Path> compiler = Commands.find("gcc").or(() -> Commands.find("cc"));
        if (compiler.isEmpty()) {
            return Optional.empty();
        }
        try {
            Files.createDirectories(library.getParent());
            if (!Files.exists(library)
                    || Files.getLastModifiedTime(library).compareTo(Files.getLastModifiedTime(source)) < 0) {
                Commands.run(
                                Duration.ofMinutes(1),
                                List.of(
                                        compiler.get().toString(),
                                        "-shared",
                                        "-fPIC",
                                        "-O2",
                                        "-o",
                                        library.toString(),
                                        source.toString(),
                                        "-ldl",
                                        "-lpthread"))
                        .orFail();
            }
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        return Optional.of(new Shim(library));
    }

    /** Variables for a process whose work below {@code watched} is to be journalled. */
    public Map<String, String> environment(Path watched, Path journal) {
        return Map.of(
                "LD_PRELOAD", library.toString(),
                "POWERCUT_DIR", watched.toString(),
                "POWERCUT_JOURNAL", journal.toString());
    }
}
