package io.jofka.node.broker;

import io.jofka.api.batch.BatchHeader;
import io.jofka.api.batch.ControlRecord;
import io.jofka.api.fault.Fault;
import io.jofka.node.broker.OffsetService.Result;
import io.jofka.node.metadata.PartitionImage;
import io.jofka.node.partition.LeaderEvent;
import java.nio.ByteBuffer;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/** What can be asked of a partition's owner. One use each. */
abstract sealed class PartitionCommand extends FlatCombiner.Node<PartitionCommand> {
    @Override
    long sizeBytes() {
        return 0;
    }

    /** Batches to append; {@code marker} is set for the end of a transaction. */
    static final class Append extends PartitionCommand {
        final ByteBuffer batches;
        final List<BatchHeader> headers;
        final LeaderEvent.Ack ack;
        final long deadlineNanos;
        final @Nullable ControlRecord marker;
        final CompletableFuture<ProduceOutcome> future = new CompletableFuture<>();

        Append(
                ByteBuffer batches,
                List<BatchHeader> headers,
                LeaderEvent.Ack ack,
                long deadlineNanos,
                @Nullable ControlRecord marker) {
            this.batches = batches;
            this.headers = headers;
            this.ack = ack;
            this.deadlineNanos = deadlineNanos;
            this.marker = marker;
        }

        @Override
        long sizeBytes() {
            return batches.remaining();
        }
    }

    static final class DeleteRecords extends PartitionCommand {
        final long beforeOffset;
        final CompletableFuture<Result<Long>> future = new CompletableFuture<>();

        DeleteRecords(long beforeOffset) {
            this.beforeOffset = beforeOffset;
        }
    }

    /** An event for the machine that nobody waits for. */
    static final class Step extends PartitionCommand {
        final LeaderEvent<PartitionCommand> event;

        Step(LeaderEvent<PartitionCommand> event) {
            this.event = event;
        }
    }

    /** The controller's view of the partition, which this node still leads. */
    static final class Reassign extends PartitionCommand {
        final PartitionImage image;

        Reassign(PartitionImage image) {
            this.image = image;
        }
    }

    static final class Configure extends PartitionCommand {
        final PartitionSettings settings;

        Configure(PartitionSettings settings) {
            this.settings = settings;
        }
    }

    /** Force what is not forced and store the producer state, if anything has changed since the last time. */
    static final class Checkpoint extends PartitionCommand {}

    static final class Expire extends PartitionCommand {
        final long nowMs;

        Expire(long nowMs) {
            this.nowMs = nowMs;
        }
    }

    static final class ForceEnded extends PartitionCommand {
        final long offset;
        final @Nullable Throwable failure;

        ForceEnded(long offset, @Nullable Throwable failure) {
            this.offset = offset;
            this.failure = failure;
        }
    }

    /** The partition can no longer serve; the files stay. */
    static final class Fail extends PartitionCommand {
        final Fault fault;
        final String detail;

        Fail(Fault fault, String detail) {
            this.fault = fault;
            this.detail = detail;
        }
    }

    /** Stops serving, for this reason; {@code delete} removes the files. Completes when the log is closed or gone. */
    static final class Finish extends PartitionCommand {
        final boolean delete;
        final Fault fault;
        final String detail;
        final CompletableFuture<@Nullable Void> future = new CompletableFuture<>();

        Finish(boolean delete, Fault fault, String detail) {
            this.delete = delete;
            this.fault = fault;
            this.detail = detail;
        }
    }

    /** Retention or compaction on the housekeeper's thread is over; the log may start later now. */
    static final class MaintenanceEnded extends PartitionCommand {}

    /** Looks at the owner's state. */
    static final class Ask<R> extends PartitionCommand {
        final Function<PartitionOwner, R> question;
        final CompletableFuture<R> future = new CompletableFuture<>();

        Ask(Function<PartitionOwner, R> question) {
            this.question = question;
        }

        void answer(PartitionOwner owner) {
            future.complete(question.apply(owner));
        }
    }
}
