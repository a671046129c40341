package io.jofka.node.sim;

import java.util.ArrayList;
import java.util.List;
import java.util.SplittableRandom;
import java.util.TreeMap;

/** Entries of one directory: as programs see them, and as a power cut would leave them. Guarded by the disk's lock. */
final class SimulatedFolder {
    /** Entry by name: a {@link SimulatedContent} or a {@link SimulatedFolder}. */
    final TreeMap<String, Object> entries = new TreeMap<>();

    private TreeMap<String, Object> forced = new TreeMap<>();
    private final List<Runnable> unforced = new ArrayList<>();

    void put(String name, Object entry) {
        entries.put(name, entry);
        unforced.add(() -> forced.put(name, entry));
    }

    void remove(String name) {
        entries.remove(name);
        unforced.add(() -> forced.remove(name));
    }

    void rename(String from, String to) {
        Object entry = entries.remove(from);
        if (entry == null) {
            throw new IllegalArgumentException(from);
        }
        entries.put(to, entry);
        unforced.add(() -> {
            forced.remove(from);
            forced.put(to, entry);
        });
    }

    void force() {
        unforced.clear();
        forced = new TreeMap<>(entries);
    }

    /** A journal keeps the order of changes: any number of the first ones arrived. */
    void lose(SplittableRandom random) {
        int kept = random.nextInt(unforced.size() + 1);
        unforced.subList(0, kept).forEach(Runnable::run);
        unforced.clear();
        entries.clear();
        entries.putAll(forced);
        for (Object entry : entries.values()) {
            switch (entry) {
                case SimulatedFolder folder -> folder.lose(random);
                case SimulatedContent content -> content.lose(random);
                default -> throw new IllegalStateException(entry.toString());
            }
        }
    }
}
