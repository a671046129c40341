package io.jofka.node.rest;

import io.jofka.api.fault.Fault;

/** Picks the fault of the catalogue for an HTTP status that a library decided. */
public final class Faults {
    private Faults() {}

    /** The general fault of a status; for one that the catalogue does not have, the nearest. */
    public static Fault ofStatus(int status) {
        return switch (status) {
            case 400 -> Fault.MALFORMED_REQUEST;
            case 401 -> Fault.UNAUTHENTICATED;
            case 403 -> Fault.FORBIDDEN;
            case 404 -> Fault.NOT_FOUND;
            case 405 -> Fault.METHOD_NOT_ALLOWED;
            case 406 -> Fault.NOT_ACCEPTABLE;
            case 412 -> Fault.PRECONDITION_FAILED;
            case 413 -> Fault.BODY_TOO_LARGE;
            case 414 -> Fault.ADDRESS_TOO_LONG;
            case 415 -> Fault.UNSUPPORTED_MEDIA_TYPE;
            case 422 -> Fault.INVALID_BODY;
            case 429 -> Fault.TOO_MANY_REQUESTS;
            case 431 -> Fault.HEADERS_TOO_LARGE;
            case 501 -> Fault.NOT_IMPLEMENTED;
            case 503 -> Fault.OVERLOADED;
            case 504 -> Fault.OUTCOME_UNKNOWN;
            case 505 -> Fault.HTTP_VERSION_NOT_SUPPORTED;
            default -> status >= 400 && status < 500 ? Fault.MALFORMED_REQUEST : Fault.INTERNAL;
        };
    }
}
