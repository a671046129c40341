package io.jofka.node.partition;

import io.jofka.api.batch.BatchHeader;
import io.jofka.api.fault.Fault;
import io.jofka.node.storage.Log.AbortedTransaction;
import java.util.List;
import java.util.Set;

/**
 * What the owner of a {@link LeaderMachine} has to do. The contract:
 * <ol>
 *   <li>Effects of one step are carried out in their order, before the next step's.
 *   <li>{@link Store}s may be gathered over several steps and written by one append, in their order; then comes
 *       {@code Written} or {@code WriteFailed}, and no other event but {@code Proposed} and {@code MarkerProposed} before
 *       it.
 *   <li>{@link Aborted} is in the index before the {@link Moved} that lets readers see the marker.
 *   <li>Readers get the positions at {@link Moved}, before the {@link Answer}s behind it: who was acknowledged can read
 *       what it wrote.
 *   <li>{@link Force} asks for one force that starts after this step; {@code Forced} is stepped with what the disk
 *       confirmed, or {@code Stopped} when it failed. A failed force is never tried again.
 * </ol>
 */
public sealed interface LeaderEffect<T> {
    /** Write these batches: the headers have the final offsets, epoch and (where stamped) time. */
    record Store<T>(T ticket, List<BatchHeader> batches) implements LeaderEffect<T> {}

    record Aborted<T>(AbortedTransaction transaction) implements LeaderEffect<T> {}

    /** Log end, high watermark, last stable offset or log start have moved: publish them and wake readers. */
    record Moved<T>() implements LeaderEffect<T> {}

    record Answer<T>(T ticket, AppendAnswer answer) implements LeaderEffect<T> {}

    /** Force the log; at least all below the offset. */
    record Force<T>(long offset) implements LeaderEffect<T> {}

    /** Move the log start, then step {@code StartMoved}, then tell the ticket. */
    record MoveStart<T>(T ticket, long offset) implements LeaderEffect<T> {}

    /** There was nothing to move; the log starts at the offset. */
    record StartUnmoved<T>(T ticket, long offset) implements LeaderEffect<T> {}

    /** Ask the controller for this in-sync set; step {@code IsrRefused} when it is not taken. */
    record ProposeIsr<T>(int leaderEpoch, int partitionEpoch, Set<Integer> isr) implements LeaderEffect<T> {}

    record StartRefused<T>(T ticket, Fault fault, String detail) implements LeaderEffect<T> {}
}
