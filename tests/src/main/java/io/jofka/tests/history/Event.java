package io.jofka.tests.history;

import java.util.List;

/** Something a client of a run saw; in a {@link History} in the order in which it was seen. */
public sealed interface Event {
    /** A producer handed a record over. */
    record Sent(RecordId id) implements Event {}

    /** The record was acknowledged at an offset. */
    record Acked(RecordId id, Place place, long offset) implements Event {}

    /** The record was acknowledged by a client that tells no offset. */
    record Stored(RecordId id) implements Event {}

    /** The record was definitely refused: it must never be seen. */
    record Refused(RecordId id) implements Event {}

    /** Nobody knows: the answer was lost. The record may be in the log, once. */
    record Unknown(RecordId id) implements Event {}

    /**
     * A reader got records in this order.
     *
     * @param reader the reader
     * @param assignment changes when the reader seeks or is assigned anew; order and gaps are judged within one
     */
    record Polled(String reader, int assignment, Place place, List<Seen> records) implements Event {
        public Polled {
            records = List.copyOf(records);
        }
    }

    /** One record as read. */
    record Seen(long offset, RecordId id) {}
}
