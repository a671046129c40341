package io.jofka.tests.harness;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.HashSet;
import java.util.List;
import java.util.Set;

/**
 * The ports of this machine at which somebody listens, by the system's table (Linux); elsewhere every port counts as
 * listened at. Thread-safe.
 */
final class Listeners {
    private static final List<Path> TABLES = List.of(Path.of("/proc/net/tcp"), Path.of("/proc/net/tcp6"));
    private static final String LISTEN = "0A";
    private static final long FRESH_NANOS = Duration.ofMillis(5).toNanos();

    private record Seen(Set<Integer> ports, long atNanos) {}

    private static volatile Seen seen = new Seen(Set.of(), System.nanoTime() - FRESH_NANOS);

    private Listeners() {}

    static boolean has(int port) {
        if (!Files.exists(TABLES.getFirst())) {
            return true;
        }
        Seen now = seen;
        if (System.nanoTime() - now.atNanos() >= FRESH_NANOS) {
            now = new Seen(read(), System.nanoTime());
            seen = now;
        }
        return now.ports().contains(port);
    }

    /** Lines are {@code sl local_address rem_address st ...}, addresses {@code hex:hex}. */
    private static Set<Integer> read() {
        Set<Integer> ports = new HashSet<>();
        for (Path table : TABLES) {
            try {
                for (String line : Files.exists(table) ? Files.readAllLines(table) : List.<String>of()) {
                    String[] fields = line.strip().split("\\s+", -1);
                    if (fields.length > 3 && fields[3].equals(LISTEN)) {
                        ports.add(Integer.parseInt(fields[1].substring(fields[1].lastIndexOf(':') + 1), 16));
                    }
                }
            } catch (IOException e) {
                // what the other table says counts
            }
        }
        return ports;
    }
}
