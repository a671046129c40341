package io.jofka.tests.cluster;

import static org.hamcrest.MatcherAssert.assertThat;
import static org.hamcrest.Matchers.empty;

import io.jofka.tests.faults.FaultBench;
import java.util.Arrays;
import java.util.List;
import java.util.Set;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/**
 * The fault bench: {@code -Drounds=} seeds from {@code -Dseed=} on, each {@code -Dseconds=} of faults; {@code
 * -Dfaults=kill,pause} chooses kinds.
 */
@Tag("faults")
class FaultBenchIT {
    @Test
    void noSeedHasAnAnomaly() {
        int count = Integer.getInteger("rounds", 3);
        long given = Long.getLong("seed", 0);
        long first = given != 0 ? given : System.nanoTime() & 0xffff_ffffL;
        Set<String> kinds = Arrays.stream(System.getProperty("faults", "").split(",", -1))
                .filter(kind -> !kind.isEmpty())
                .collect(Collectors.toSet());
        FaultBench bench = new FaultBench(1_000 * Integer.getInteger("seconds", 40), kinds);
        List<FaultBench.Result> bad = bench.run(first, count).stream()
                .filter(result -> !result.report().problems().isEmpty())
                .toList();
        System.out.println(bench.table());
        assertThat(bench.table(), bad, empty());
    }
}
