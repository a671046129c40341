package io.jofka.node.rest.data.json;

import java.io.Serial;

/** The bytes are not JSON (RFC 8259) or go beyond a limit. Thrown by the scanner only; carries no stack trace. */
public final class JsonFault extends RuntimeException {
    @Serial
    private static final long serialVersionUID = 1L;

    private final int position;

    /** {@code position} counts bytes from the start of the scanned range; the message is fit for a caller. */
    public JsonFault(String message, int position) {
        super(message, null, false, false);
        this.position = position;
    }

    /** Byte, from the start of the scanned range, at which the fault was seen. */
    public int position() {
        return position;
    }
}
