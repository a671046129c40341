package io.jofka.node.rest.data.exchange;

import io.jofka.api.fault.Fault;
import java.io.IOException;
import java.io.Serial;

/** The body's content encoding is damaged, unknown or beyond a limit. */
public final class BadEncoding extends IOException {
    @Serial
    private static final long serialVersionUID = 1L;

    private final Fault fault;
    private final String detail;

    public BadEncoding(Fault fault, String detail) {
        super(detail);
        this.fault = fault;
        this.detail = detail;
    }

    public Fault fault() {
        return fault;
    }

    /** Fit for a caller. */
    public String detail() {
        return detail;
    }
}
