package io.jofka.api.fault;

/** The status codes of gRPC that faults map to, with gRPC's numbers. */
public enum GrpcCode {
    INVALID_ARGUMENT(3),
    DEADLINE_EXCEEDED(4),
    NOT_FOUND(5),
    ALREADY_EXISTS(6),
    PERMISSION_DENIED(7),
    RESOURCE_EXHAUSTED(8),
    FAILED_PRECONDITION(9),
    ABORTED(10),
    OUT_OF_RANGE(11),
    UNIMPLEMENTED(12),
    INTERNAL(13),
    UNAVAILABLE(14),
    UNAUTHENTICATED(16);

    private final int number;

    GrpcCode(int number) {
        this.number = number;
    }

    public int number() {
        return number;
    }

    /** Follows the HTTP status, but for what gRPC tells apart: something that exists, and a lost race. */
    static GrpcCode of(Fault fault) {
        if (fault == Fault.TOPIC_ALREADY_EXISTS) {
            return ALREADY_EXISTS;
        }
        return switch (fault.status()) {
            case 401 -> UNAUTHENTICATED;
            case 403 -> PERMISSION_DENIED;
            case 404 -> NOT_FOUND;
            case 405, 501, 505 -> UNIMPLEMENTED;
            case 409 -> ABORTED;
            case 410 -> OUT_OF_RANGE;
            case 412 -> FAILED_PRECONDITION;
            case 413, 429, 507 -> RESOURCE_EXHAUSTED;
            case 500 -> INTERNAL;
            case 503 -> UNAVAILABLE;
            case 504 -> DEADLINE_EXCEEDED;
            default -> INVALID_ARGUMENT;
        };
    }
}
