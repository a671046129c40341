package io.jofka.node.controller;

import com.google.protobuf.InvalidProtocolBufferException;
import io.jofka.api.fault.Fault;
import io.jofka.node.common.Clock;
import io.jofka.node.common.Net;
import io.jofka.node.consensus.MetadataLog;
import io.jofka.node.controller.QuorumStatus.Quorum;
import io.jofka.node.controller.QuorumStatus.Transfer;
import io.jofka.node.controller.QuorumStatus.Voter;
import io.jofka.node.controller.proto.QuorumAnswer;
import io.jofka.node.controller.proto.QuorumAsk;
import io.jofka.node.controller.proto.QuorumDescription;
import io.jofka.node.controller.proto.QuorumMember;
import io.jofka.node.controller.proto.QuorumRefusal;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.Executor;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;
import java.util.function.Supplier;

/** Asks the leader of the quorum, wherever it is, and answers while it is this node. Thread-safe. */
final class QuorumCalls {
    private static final int ASK_MS = 4_000;
    private static final int PAUSE_MS = 20;
    private static final int MIN_TIMEOUT_MS = 100;
    private static final int MAX_TIMEOUT_MS = 60_000;
    /** Whether the successor leads, or another, is known after so long, however long the caller waits. */
    private static final int ROUND_MS = 5_000;

    /** A successor that fetched longer ago, or lacks more, would likely lose the election. */
    private static final long MAX_SILENCE_MS = 2_000;

    private static final long MAX_LAG_RECORDS = 1_000;

    private final int self;
    private final MetadataLog log;
    private final ControllerLoop loop;
    private final Supplier<Quorum> here;
    private final Net net;
    private final Clock clock;
    private final Executor threads;

    /** @param here the quorum as this node sees it; may block */
    QuorumCalls(
            int self,
            MetadataLog log,
            ControllerLoop loop,
            Supplier<Quorum> here,
            Net net,
            Clock clock,
            Executor threads) {
        this.self = self;
        this.log = log;
        this.loop = loop;
        this.here = here;
        this.net = net;
        this.clock = clock;
        this.threads = threads;
        net.serve(Net.Call.QUORUM, (from, bytes) -> CompletableFuture.completedFuture(answer(bytes)));
    }

    CompletableFuture<Quorum> quorum() {
        return CompletableFuture.supplyAsync(
                () -> {
                    int leader = loop.leader();
                    if (leader < 0 || leader == self) {
                        return here.get();
                    }
                    QuorumAnswer answer =
                            ask(leader, QuorumAsk.newBuilder().setDescribe(true).build(), ASK_MS);
                    return answer.hasDescribed() ? quorum(answer.getDescribed()) : here.get();
                },
                threads);
    }

    CompletableFuture<Transfer> transfer(int node, int timeoutMs) {
        long deadline =
                clock.nanos() + TimeUnit.MILLISECONDS.toNanos(Math.clamp(timeoutMs, MIN_TIMEOUT_MS, MAX_TIMEOUT_MS));
        return CompletableFuture.supplyAsync(() -> insist(node, deadline), threads);
    }

    /** Another may win the election; then that one is asked to hand over, as long as there is time. */
    private Transfer insist(int node, long deadlineNanos) {
        boolean resigned = false;
        while (true) {
            int leader = loop.leader();
            if (resigned && leader == node) {
                return new Transfer.Done(leader, loop.term());
            }
            QuorumAnswer answer = leader < 0
                    ? refused(Fault.NOT_CONTROLLER, "No controller leads at the moment.", "")
                    : transferAt(leader, node);
            boolean again = answer.hasRefused()
                    && (fault(answer) == Fault.NOT_CONTROLLER || (resigned && fault(answer) != Fault.INVALID_BODY));
            if (answer.hasResignedTerm()) {
                resigned = true;
                awaitLeaderAfter(answer.getResignedTerm(), deadlineNanos);
            } else if (!again) {
                return new Transfer.Refused(
                        fault(answer),
                        answer.getRefused().getDetail(),
                        answer.getRefused().getPointer());
            } else {
                pause();
            }
            if (clock.nanos() - deadlineNanos >= 0 && loop.leader() != node) {
                return resigned
                        ? new Transfer.Refused(
                                Fault.OUTCOME_UNKNOWN,
                                "The leader has resigned; node " + node + " does not lead yet.",
                                "")
                        : new Transfer.Refused(
                                fault(answer), answer.getRefused().getDetail(), "");
            }
        }
    }

    private QuorumAnswer transferAt(int leader, int node) {
        return leader == self
                ? handOver(node)
                : ask(leader, QuorumAsk.newBuilder().setTransferTo(node).build(), ASK_MS);
    }

    private void awaitLeaderAfter(int term, long deadlineNanos) {
        long until = Math.min(deadlineNanos, clock.nanos() + TimeUnit.MILLISECONDS.toNanos(ROUND_MS));
        while (clock.nanos() - until < 0 && (loop.term() <= term || loop.leader() < 0)) {
            pause();
        }
    }

    private static void pause() {
        LockSupport.parkNanos(TimeUnit.MILLISECONDS.toNanos(PAUSE_MS));
    }

    private QuorumAnswer ask(int leader, QuorumAsk ask, int timeoutMs) {
        try {
            return QuorumAnswer.parseFrom(net.call(leader, Net.Call.QUORUM, ask.toByteArray(), timeoutMs)
                    .get());
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            return refused(Fault.SHUTTING_DOWN, "The node is shutting down.", "");
        } catch (ExecutionException | InvalidProtocolBufferException e) {
            return refused(Fault.NOT_CONTROLLER, "The leader of the quorum, node " + leader + ", did not answer.", "");
        }
    }

    private byte[] answer(byte[] bytes) {
        QuorumAsk ask;
        try {
            ask = QuorumAsk.parseFrom(bytes);
        } catch (InvalidProtocolBufferException e) {
            throw new Net.Rejected("the question cannot be read");
        }
        QuorumAnswer answer = switch (ask.getQuestionCase()) {
            case DESCRIBE ->
                QuorumAnswer.newBuilder().setDescribed(description(here.get())).build();
            case TRANSFER_TO -> handOver(ask.getTransferTo());
            case QUESTION_NOT_SET -> throw new Net.Rejected("no question");
        };
        return answer.toByteArray();
    }

    /** Only while this node leads. */
    private QuorumAnswer handOver(int node) {
        Quorum quorum = here.get();
        if (quorum.leader() != self || loop.leader() != self) {
            return refused(Fault.NOT_CONTROLLER, "Node " + self + " does not lead the quorum.", "");
        }
        if (node == self) {
            return refused(Fault.ELECTION_NOT_NEEDED, "Node " + node + " leads the quorum already.", "/node");
        }
        List<Integer> ids = quorum.voters().stream().map(Voter::nodeId).toList();
        for (Voter voter : quorum.voters()) {
            if (voter.nodeId() == node) {
                if (voter.lastFetchMsAgo() < 0
                        || voter.lastFetchMsAgo() > MAX_SILENCE_MS
                        || voter.lagRecords() > MAX_LAG_RECORDS) {
                    return refused(
                            Fault.PREFERRED_LEADER_NOT_AVAILABLE,
                            "Node " + node + " is not running, or lacks too much of the metadata log.",
                            "/node");
                }
                log.transfer(quorum.term(), node);
                return QuorumAnswer.newBuilder().setResignedTerm(quorum.term()).build();
            }
        }
        return refused(Fault.INVALID_BODY, "Node " + node + " does not vote; the voters are " + ids + ".", "/node");
    }

    private static QuorumAnswer refused(Fault fault, String detail, String pointer) {
        return QuorumAnswer.newBuilder()
                .setRefused(QuorumRefusal.newBuilder()
                        .setFault(fault.name())
                        .setDetail(detail)
                        .setPointer(pointer))
                .build();
    }

    private static Fault fault(QuorumAnswer answer) {
        for (Fault fault : Fault.values()) {
            if (fault.name().equals(answer.getRefused().getFault())) {
                return fault;
            }
        }
        return Fault.INTERNAL;
    }

    private static QuorumDescription description(Quorum quorum) {
        return QuorumDescription.newBuilder()
                .setLeader(quorum.leader())
                .setTerm(quorum.term())
                .setCommittedOffset(quorum.committedOffset())
                .addAllVoters(quorum.voters().stream().map(QuorumCalls::member).toList())
                .addAllObservers(
                        quorum.observers().stream().map(QuorumCalls::member).toList())
                .build();
    }

    private static QuorumMember member(Voter voter) {
        return QuorumMember.newBuilder()
                .setNode(voter.nodeId())
                .setDirectoryId(voter.directoryId())
                .setLogEndOffset(voter.logEndOffset())
                .setLagRecords(voter.lagRecords())
                .setLastFetchMsAgo(voter.lastFetchMsAgo())
                .setLastCaughtUpMsAgo(voter.lastCaughtUpMsAgo())
                .build();
    }

    private static Quorum quorum(QuorumDescription message) {
        return new Quorum(
                message.getLeader(),
                message.getTerm(),
                message.getCommittedOffset(),
                message.getVotersList().stream().map(QuorumCalls::voter).toList(),
                message.getObserversList().stream().map(QuorumCalls::voter).toList());
    }

    private static Voter voter(QuorumMember member) {
        return new Voter(
                member.getNode(),
                member.getDirectoryId(),
                member.getLogEndOffset(),
                member.getLagRecords(),
                member.getLastFetchMsAgo(),
                member.getLastCaughtUpMsAgo());
    }
}
