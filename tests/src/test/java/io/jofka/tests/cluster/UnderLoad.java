package io.jofka.tests.cluster;

import static org.hamcrest.MatcherAssert.assertThat;
import static org.hamcrest.Matchers.empty;

import io.jofka.tests.faults.FaultRun;
import io.jofka.tests.harness.ClusterProcess;

/** A fault under load with the judgement that every such test shares. */
final class UnderLoad {
    private UnderLoad() {}

    static void run(ClusterProcess cluster, String topic, FaultRun.Fault fault) {
        FaultRun.Report report = FaultRun.under(cluster, topic, fault);
        System.out.println(report);
        assertThat(report + "\n" + cluster.logTails(), report.problems(), empty());
    }
}
