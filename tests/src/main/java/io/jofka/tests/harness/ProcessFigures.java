package io.jofka.tests.harness;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;

/** What Linux says about a process: CPU time, resident memory, open files. Read from {@code /proc}. */
public record ProcessFigures(double cpuSeconds, long residentBytes, long openFiles) {
    private static final double TICKS_PER_SECOND = 100;

    /** Figures of a living process. */
    public static ProcessFigures of(long pid) {
        Path proc = Path.of("/proc", Long.toString(pid));
        try {
            String stat = Files.readString(proc.resolve("stat"));
            List<String> fields =
                    List.of(stat.substring(stat.lastIndexOf(')') + 2).split(" "));
            double cpu = (Long.parseLong(fields.get(11)) + Long.parseLong(fields.get(12))) / TICKS_PER_SECOND;
            long resident = 0;
            for (String line : Files.readAllLines(proc.resolve("status"))) {
                if (line.startsWith("VmRSS:")) {
                    resident = Long.parseLong(line.replaceAll("\\D", "")) * 1024;
                }
            }
            try (var files = Files.list(proc.resolve("fd"))) {
                return new ProcessFigures(cpu, resident, files.count());
            }
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    public double residentMiB() {
        return residentBytes / (1024.0 * 1024.0);
    }
}
