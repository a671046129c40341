package io.jofka.api.fault;

import static org.hamcrest.MatcherAssert.assertThat;
import static org.hamcrest.Matchers.allOf;
import static org.hamcrest.Matchers.containsString;
import static org.hamcrest.Matchers.endsWith;
import static org.hamcrest.Matchers.is;
import static org.hamcrest.Matchers.not;
import static org.hamcrest.Matchers.startsWith;

import java.util.Arrays;
import java.util.Map;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;

class FaultTest {
    @Test
    void everyFaultHasItsOwnAdvice() {
        Map<Fault, Advice> all = Advice.all();
        for (Fault fault : Fault.values()) {
            Advice advice = all.getOrDefault(fault, new Advice("", ""));
            assertThat(fault + " has a cause", advice.cause(), allOf(endsWith("."), not(is(fault.title() + "."))));
            assertThat(fault + " has a cure", advice.cure(), allOf(endsWith("."), not(startsWith("See the detail"))));
        }
    }

    @Test
    void slugsAreUniqueAndFitAnAddress() {
        Map<String, Long> counts =
                Arrays.stream(Fault.values()).collect(Collectors.groupingBy(Fault::slug, Collectors.counting()));
        assertThat(counts.size(), is(Fault.values().length));
        for (String slug : counts.keySet()) {
            assertThat(slug.matches("[a-z]+(-[a-z]+)*"), is(true));
        }
    }

    @Test
    void titlesAreSentencesWithoutTheirFullStop() {
        for (Fault fault : Fault.values()) {
            assertThat(fault.title(), not(containsString(".")));
        }
    }
}
