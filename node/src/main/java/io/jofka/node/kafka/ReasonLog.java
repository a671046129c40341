package io.jofka.node.kafka;

import io.jofka.node.common.Clock;
import java.lang.System.Logger;
import java.lang.System.Logger.Level;
import org.jspecify.annotations.Nullable;

/** Logs why connections end, at most twenty lines in ten seconds; what was left out is counted in the next line. Thread-safe. */
final class ReasonLog {
    private static final Logger LOG = System.getLogger("io.jofka.kafka");
    private static final int LINES = 20;
    private static final long WINDOW_NANOS = 10_000_000_000L;

    private final Clock clock;
    private long windowStartNanos;
    private int lines;
    private int leftOut;

    ReasonLog(Clock clock) {
        this.clock = clock;
        this.windowStartNanos = clock.nanos();
    }

    void closed(String address, String reason) {
        log(Level.WARNING, "Kafka connection from " + address + " closed: " + reason, null);
    }

    void bug(String address, String what, Throwable cause) {
        log(Level.ERROR, "Kafka connection from " + address + ": " + what, cause);
    }

    void note(String what, @Nullable Throwable cause) {
        log(Level.WARNING, what, cause);
    }

    private void log(Level level, String line, @Nullable Throwable cause) {
        String suffix;
        synchronized (this) {
            long now = clock.nanos();
            if (now - windowStartNanos > WINDOW_NANOS) {
                windowStartNanos = now;
                lines = 0;
            }
            if (lines >= LINES) {
                leftOut++;
                return;
            }
            lines++;
            suffix = leftOut > 0 ? " (" + leftOut + " similar lines left out)" : "";
            leftOut = 0;
        }
        if (cause == null) {
            LOG.log(level, line + suffix);
        } else {
            LOG.log(level, line + suffix, cause);
        }
    }
}
