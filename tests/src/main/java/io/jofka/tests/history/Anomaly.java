package io.jofka.tests.history;

/** What a log service must never do; the names in brackets are those of the Jepsen checker for Kafka. */
public enum Anomaly {
    /** An acknowledged record is not in the final log (A1, A2) [lost-write]. */
    LOST_WRITE,
    /** Two values were seen at one offset, by readers, acknowledgements or the final log (A7) [inconsistent-offsets]. */
    INCONSISTENT_OFFSET,
    /** Two records were acknowledged at one offset, or one below an earlier one of its producer (A8). */
    OFFSET_REUSE,
    /** A record of an idempotent producer is in the log more than once (A9) [duplicate]. */
    DUPLICATE,
    /** A definitely refused record is in the log or was read (A11) [G1a]. */
    REFUSED_VISIBLE,
    /** A record was read that is not in the final log (A12). */
    VANISHED_READ,
    /** Within one assignment a reader left out records (A13) [poll-skip, int-poll-skip]. */
    POLL_SKIP,
    /** Within one assignment a reader's offsets fell (A14) [nonmonotonic-poll]. */
    POLL_ORDER,
    /** The log has a producer's records in another order than it sent them (A14) [nonmonotonic-send]. */
    SEND_ORDER,
    /** A record is in the log that nobody sent, or that came back changed. */
    UNKNOWN_RECORD
}
