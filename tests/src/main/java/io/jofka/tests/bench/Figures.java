package io.jofka.tests.bench;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.List;
import java.util.Locale;

/** Takes measured figures: each is printed and appended to a file, one line: target, metric, config, value, unit. */
final class Figures {
    private final Path file;
    private boolean recording = true;

    Figures(Path file) {
        this.file = file;
        try {
            Files.createDirectories(file.toAbsolutePath().getParent());
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** While off (warm-up), figures are dropped. */
    void recording(boolean on) {
        recording = on;
    }

    void add(String target, String metric, String config, double value, String unit) {
        if (!recording) {
            return;
        }
        String line = String.format(Locale.ROOT, "%s\t%s\t%s\t%.4f\t%s", target, metric, config, value, unit);
        System.out.println(line);
        try {
            Files.write(file, List.of(line), StandardOpenOption.CREATE, StandardOpenOption.APPEND);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
