package io.jofka.node.kafka;

import java.io.Serial;

/** The peer broke the protocol: its connection is closed, with this reason in the log, and nothing else happens. */
final class ProtocolViolation extends RuntimeException {
    @Serial
    private static final long serialVersionUID = 1L;

    ProtocolViolation(String reason) {
        super(reason, null, false, false);
    }
}
