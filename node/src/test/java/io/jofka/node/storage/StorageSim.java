package io.jofka.node.storage;

import static org.hamcrest.MatcherAssert.assertThat;
import static org.hamcrest.Matchers.lessThanOrEqualTo;

import java.util.List;
import java.util.logging.Level;
import java.util.logging.Logger;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

/** Random histories with crashes, torn writes, full and broken disks. {@code -Dseed=} repeats one, {@code -Dseeds=} runs more. */
class StorageSim {
    private static final int STEPS = 50;

    /** Thousands of broken disks need no log lines; held here, since the logging framework holds loggers weakly. */
    private static final Logger QUIET = Logger.getLogger("io.jofka.node.storage");

    @BeforeAll
    static void silence() {
        QUIET.setLevel(Level.OFF);
    }

    @AfterAll
    static void restore() {
        QUIET.setLevel(null);
    }

    @Test
    void noHistoryLosesWhatWasForcedOrInventsAnything() {
        Long one = Long.getLong("seed");
        if (one != null) {
            run(one);
            return;
        }
        int seeds = Integer.getInteger("seeds", 1_000);
        int falseAlarms = 0;
        for (long seed = 0; seed < seeds; seed++) {
            falseAlarms += run(seed);
        }
        assertThat("power cuts taken for damage", falseAlarms, lessThanOrEqualTo(0));
    }

    private static int run(long seed) {
        StorageRun history = new StorageRun(seed);
        try {
            history.run(STEPS);
            return history.falseAlarms();
        } catch (RuntimeException | Error failure) {
            List<String> trace = history.trace();
            String last = String.join("\n  ", trace.subList(Math.max(0, trace.size() - 40), trace.size()));
            throw new AssertionError("seed " + seed + " failed (-Dseed=" + seed + "):\n  " + last, failure);
        }
    }
}
