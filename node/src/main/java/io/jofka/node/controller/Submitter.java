package io.jofka.node.controller;

import io.jofka.api.fault.Fault;
import io.jofka.node.common.Clock;
import io.jofka.node.common.Net;
import io.jofka.node.metadata.Answers;
import io.jofka.node.metadata.MetadataCommand;
import io.jofka.node.metadata.Submission;
import io.jofka.node.metadata.UnreadableMetadata;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.Executor;
import java.util.concurrent.TimeUnit;

/**
 * Takes commands to the active controller, which may be this node, and waits until their effect is applied here. What was
 * certainly not done because nobody leads is tried again until the caller's time is over. Thread-safe.
 */
public final class Submitter {
    private static final int GRACE_MS = 500;
    private static final int PAUSE_MS = 25;
    /** A controller that is asked longer than this without an answer is likely not the controller any more. */
    private static final int ATTEMPT_MS = 5_000;

    private final int self;
    private final boolean alone;
    private final ControllerLoop loop;
    private final LocalImages images;
    private final Net net;
    private final Clock clock;
    private final Executor threads;

    /** @param alone this node is the only controller there is */
    Submitter(
            int self, boolean alone, ControllerLoop loop, LocalImages images, Net net, Clock clock, Executor threads) {
        this.self = self;
        this.alone = alone;
        this.loop = loop;
        this.images = images;
        this.net = net;
        this.clock = clock;
        this.threads = threads;
        net.serve(Net.Call.COMMAND, (from, bytes) -> answer(bytes));
    }

    /** Never blocks; the reply never fails. */
    <A> CompletableFuture<Reply<A>> submit(MetadataCommand<A> command, boolean validateOnly, long timeoutMs) {
        int leader = loop.leader();
        if (leader == self || (leader < 0 && alone)) {
            return loop.call(command, validateOnly, timeoutMs);
        }
        long deadlineNanos = clock.nanos() + TimeUnit.MILLISECONDS.toNanos(timeoutMs);
        return CompletableFuture.supplyAsync(() -> insist(command, validateOnly, deadlineNanos), threads);
    }

    private <A> Reply<A> insist(MetadataCommand<A> command, boolean validateOnly, long deadlineNanos) {
        boolean perhapsDone = false;
        while (true) {
            Reply<A> reply = once(command, validateOnly, Math.max(1, left(deadlineNanos)));
            boolean again = reply instanceof Reply.Failed<A>(Fault fault, String detail)
                    && (fault == Fault.NOT_CONTROLLER || (fault == Fault.OUTCOME_UNKNOWN && isRepeatable(command)));
            if (!again || left(deadlineNanos) == 0 || !pause(deadlineNanos)) {
                return perhapsDone && reply instanceof Reply.Failed<A> failed && failed.fault() == Fault.NOT_CONTROLLER
                        ? new Reply.Failed<>(Fault.OUTCOME_UNKNOWN, failed.detail())
                        : reply;
            }
            perhapsDone |= reply instanceof Reply.Failed<A> failed && failed.fault() == Fault.OUTCOME_UNKNOWN;
        }
    }

    /** Whether doing it twice is doing it once. */
    private static boolean isRepeatable(MetadataCommand<?> command) {
        return switch (command) {
            case MetadataCommand.RegisterNode _,
                    MetadataCommand.FenceNode _,
                    MetadataCommand.DrainNode _,
                    MetadataCommand.DecommissionNode _,
                    MetadataCommand.RepairNode _,
                    MetadataCommand.TakeProducerIds _,
                    MetadataCommand.NameCluster _ -> true;
            case MetadataCommand.CreateTopics _,
                    MetadataCommand.DeleteTopics _,
                    MetadataCommand.GrowTopics _,
                    MetadataCommand.AlterConfigs _,
                    MetadataCommand.UnregisterNode _,
                    MetadataCommand.AlterIsr _,
                    MetadataCommand.ElectLeaders _,
                    MetadataCommand.MoveReplicas _ -> false;
        };
    }

    private <A> Reply<A> once(MetadataCommand<A> command, boolean validateOnly, int leftMs) {
        int leader = loop.leader();
        if (leader < 0) {
            return new Reply.Failed<>(Fault.NOT_CONTROLLER, "No controller leads at the moment");
        }
        try {
            if (leader == self) {
                return loop.call(command, validateOnly, leftMs).get();
            }
            int attemptMs = Math.min(leftMs, ATTEMPT_MS);
            byte[] request = new Submission(command, validateOnly, attemptMs).bytes();
            byte[] bytes = net.call(leader, Net.Call.COMMAND, request, attemptMs + GRACE_MS)
                    .get();
            return switch (Answers.parse(command, bytes)) {
                case Answers.Received.Done<A>(long index, A answer) -> applied(index, answer, leftMs);
                case Answers.Received.Failed<A>(Fault fault, String detail) -> new Reply.Failed<>(fault, detail);
            };
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            return new Reply.Failed<>(Fault.OUTCOME_UNKNOWN, "The request was interrupted");
        } catch (ExecutionException e) {
            boolean notAsked = e.getCause() instanceof Net.Unreachable || e.getCause() instanceof Net.Rejected;
            return new Reply.Failed<>(
                    notAsked ? Fault.NOT_CONTROLLER : Fault.OUTCOME_UNKNOWN,
                    "The controller, node " + leader + ", did not answer");
        } catch (UnreadableMetadata e) {
            return new Reply.Failed<>(Fault.OUTCOME_UNKNOWN, "The controller's answer cannot be read");
        }
    }

    /** The caller shall find here what it has changed. */
    private <A> Reply<A> applied(long index, A answer, int leftMs) throws InterruptedException {
        boolean here = images.await(index, leftMs);
        return here
                ? new Reply.Done<>(index, answer)
                : new Reply.Failed<>(
                        Fault.OUTCOME_UNKNOWN, "The change is committed at index " + index + ", this node is behind");
    }

    private int left(long deadlineNanos) {
        return Math.clamp(TimeUnit.NANOSECONDS.toMillis(deadlineNanos - clock.nanos()), 0, Integer.MAX_VALUE);
    }

    private boolean pause(long deadlineNanos) {
        try {
            images.await(images.current().index() + 1, Math.clamp(left(deadlineNanos), 1, PAUSE_MS));
            return true;
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            return false;
        }
    }

    private CompletableFuture<byte[]> answer(byte[] bytes) {
        Submission submission;
        try {
            submission = Submission.parse(bytes);
        } catch (UnreadableMetadata e) {
            throw new Net.Rejected(String.valueOf(e.getMessage()));
        }
        if (loop.leader() != self) {
            return CompletableFuture.completedFuture(
                    Answers.failed(Fault.NOT_CONTROLLER, "Node " + self + " is not the controller"));
        }
        return loop.call(submission.command(), submission.validateOnly(), Math.clamp(submission.timeoutMs(), 1, 60_000))
                .thenApply(reply -> switch (reply) {
                    case Reply.Done<?>(long index, Object answer) -> Answers.done(index, answer);
                    case Reply.Failed<?>(Fault fault, String detail) -> Answers.failed(fault, detail);
                });
    }
}
