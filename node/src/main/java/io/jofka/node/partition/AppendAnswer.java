package io.jofka.node.partition;

import io.jofka.api.fault.Fault;

/** What the leader says about one proposed append. */
public sealed interface AppendAnswer {
    /** Stored and acknowledged as asked; {@code appendTimeMs} is -1 unless the leader stamps time. */
    record Done(long baseOffset, long lastOffset, long appendTimeMs, boolean duplicate) implements AppendAnswer {}

    /** Nothing of it is or will be in the log. */
    record Refused(Fault fault, String detail) implements AppendAnswer {}

    /** It may or may not stay in the log. */
    record Unknown(Fault fault, String detail) implements AppendAnswer {}
}
