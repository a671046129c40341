package io.jofka.node.common;

/** Port to time. Production code never reads a clock any other way, so that a simulation can own time. */
public interface Clock {
    /** Wall time in milliseconds since the epoch; may jump either way. Only for timestamps shown or stored. */
    long wallMs();

    /** Monotonic time in nanoseconds with an arbitrary origin. For every duration and deadline. */
    long nanos();
}
