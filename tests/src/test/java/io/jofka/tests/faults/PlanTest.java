package io.jofka.tests.faults;

import static org.hamcrest.MatcherAssert.assertThat;
import static org.hamcrest.Matchers.equalTo;
import static org.hamcrest.Matchers.everyItem;
import static org.hamcrest.Matchers.greaterThan;
import static org.hamcrest.Matchers.in;
import static org.hamcrest.Matchers.is;
import static org.hamcrest.Matchers.lessThanOrEqualTo;

import io.jofka.tests.faults.Plan.Kind;
import io.jofka.tests.faults.Plan.Step;
import java.util.EnumSet;
import java.util.List;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.LongStream;
import org.junit.jupiter.api.Test;

class PlanTest {
    private static final Set<Kind> ALL = EnumSet.allOf(Kind.class);

    private static List<Step> steps(Plan plan) {
        return plan.episodes().stream().flatMap(e -> e.steps().stream()).toList();
    }

    @Test
    void theSameSeedMakesTheSamePlan() {
        assertThat(Plan.of(7, 40_000, ALL), equalTo(Plan.of(7, 40_000, ALL)));
        assertThat(Plan.of(7, 40_000, ALL).equals(Plan.of(8, 40_000, ALL)), is(false));
    }

    @Test
    void twentySeedsHaveEveryKindAndPairs() {
        List<Plan> plans = LongStream.range(1, 21)
                .mapToObj(seed -> Plan.of(seed, 40_000, ALL))
                .toList();
        Set<Kind> seen = plans.stream()
                .flatMap(plan -> steps(plan).stream())
                .map(Step::kind)
                .collect(Collectors.toSet());
        assertThat(seen, equalTo(ALL));
        long pairs = plans.stream()
                .flatMap(plan -> plan.episodes().stream())
                .filter(episode -> episode.steps().size() == 2)
                .count();
        assertThat(pairs, greaterThan(20L));
    }

    @Test
    void oneDiskIsLostAtATimeAndNothingElseMeanwhile() {
        for (long seed = 1; seed < 500; seed++) {
            for (Plan.Episode episode : Plan.of(seed, 40_000, ALL).episodes()) {
                boolean wipes =
                        episode.steps().stream().anyMatch(step -> step.kind().takesDataAway());
                assertThat(episode.steps().size(), lessThanOrEqualTo(wipes ? 1 : 2));
            }
        }
    }

    @Test
    void onlyTheKindsThatWereAskedForHappen() {
        Set<Kind> asked = EnumSet.of(Kind.KILL, Kind.PAUSE);
        assertThat(steps(Plan.of(3, 60_000, asked)).stream().map(Step::kind).toList(), everyItem(is(in(asked))));
    }
}
