package io.jofka.node.sim;

import java.io.Serial;

/** The machine lost power inside a disk operation: no code after it ran. Thrown through the code under test to its driver. */
public final class PowerCut extends Error {
    @Serial
    private static final long serialVersionUID = 1L;

    PowerCut(String operation) {
        super("power was cut in " + operation, null, false, false);
    }
}
