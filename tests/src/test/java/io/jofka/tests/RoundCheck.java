package io.jofka.tests;

import static org.hamcrest.MatcherAssert.assertThat;
import static org.hamcrest.Matchers.greaterThan;
import static org.hamcrest.Matchers.is;

import io.jofka.tests.history.Checker;
import io.jofka.tests.history.History;
import io.jofka.tests.workload.Readers;
import io.jofka.tests.workload.Target;

/** What must hold after each round of a fault: the log is readable by both protocols, and the history has no anomaly. */
final class RoundCheck {
    private RoundCheck() {}

    static void check(Target target, String round) {
        History.FinalLog rest = Readers.overRest(target);
        History.FinalLog kafka = Readers.overKafka(target);
        assertThat(round + ": both protocols read the same", kafka.partitions(), is(rest.partitions()));
        String verdict = Checker.check(target.history(), rest, true).toString();
        assertThat(round + "\n" + verdict, verdict, is("no anomaly"));
        assertThat(round + ": something was acknowledged", target.history().acked(), greaterThan(0L));
        System.out.println(round + ": " + rest.size() + " records in the log, "
                + target.history().acked() + " acknowledged, "
                + target.history().unknown()
                + " with unknown outcome, no anomaly");
    }
}
