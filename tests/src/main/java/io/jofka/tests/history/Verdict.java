package io.jofka.tests.history;

import java.util.ArrayList;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.Set;

/** What a {@link Checker} found: a count for each anomaly and the first examples. */
public final class Verdict {
    private static final int EXAMPLES = 3;

    private final Map<Anomaly, Long> counts = new EnumMap<>(Anomaly.class);
    private final Map<Anomaly, List<String>> examples = new EnumMap<>(Anomaly.class);

    void found(Anomaly anomaly, String example) {
        counts.merge(anomaly, 1L, Long::sum);
        List<String> shown = examples.computeIfAbsent(anomaly, any -> new ArrayList<>());
        if (shown.size() < EXAMPLES) {
            shown.add(example);
        }
    }

    public Set<Anomaly> anomalies() {
        return counts.isEmpty() ? Set.of() : Set.copyOf(counts.keySet());
    }

    public long count(Anomaly anomaly) {
        return counts.getOrDefault(anomaly, 0L);
    }

    public boolean clean() {
        return counts.isEmpty();
    }

    @Override
    public String toString() {
        if (clean()) {
            return "no anomaly";
        }
        StringBuilder text = new StringBuilder();
        counts.forEach((anomaly, count) -> text.append(anomaly)
                .append(": ")
                .append(count)
                .append(", first ")
                .append(examples.get(anomaly))
                .append('\n'));
        return text.toString();
    }
}
