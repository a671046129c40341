package io.jofka.node.consensus;

import io.jofka.node.common.Clock;
import io.jofka.node.common.Net;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.OptionalInt;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.function.BooleanSupplier;

/**
 * Asks all other voters what they know. A voter with an empty folder may have acknowledged records and given votes
 * before its disk was lost; it may vote again only when nobody has a history, or when it has what a leader of the newest
 * term that any other voter knows has committed (see docs/decisions/0012-wiped-voters.md). One thread.
 */
final class Joining {
    private static final System.Logger LOGGER = System.getLogger(Joining.class.getName());
    private static final int ASK_MS = 1_000;
    private static final int PAUSE_MS = 100;
    private static final long SAY_NANOS = TimeUnit.SECONDS.toNanos(5);

    private final List<Integer> others;
    private final Net net;
    private final Clock clock;
    private final BooleanSupplier closed;
    private final Map<Integer, Standing> heard = new HashMap<>();

    /** What all others together say. */
    sealed interface Outcome {
        record FirstStart() implements Outcome {}

        /** Catch up with a leader of this term or a later one. */
        record Lost(int term) implements Outcome {}

        record Closed() implements Outcome {}
    }

    Joining(List<Integer> others, Net net, Clock clock, BooleanSupplier closed) {
        this.others = others;
        this.net = net;
        this.clock = clock;
        this.closed = closed;
    }

    /** Blocks until every other voter has said something that counts. {@code lost} when the own past is lost for sure. */
    Outcome await(boolean lost) {
        long said = clock.nanos();
        while (!closed.getAsBoolean()) {
            ask();
            boolean all = heard.size() == others.size();
            if (all && !lost && heard.values().stream().allMatch(s -> s.past() == Standing.Past.NONE)) {
                return new Outcome.FirstStart();
            }
            if (all && heard.values().stream().noneMatch(s -> s.past() == Standing.Past.LOST)) {
                return new Outcome.Lost(
                        heard.values().stream().mapToInt(Standing::term).max().orElse(0));
            }
            if (clock.nanos() - said > SAY_NANOS) {
                said = clock.nanos();
                LOGGER.log(
                        System.Logger.Level.INFO,
                        "this voter has an empty metadata folder and needs to hear from all other voters, {0}; heard so"
                                + " far: {1}",
                        others,
                        heard);
            }
            pause();
        }
        return new Outcome.Closed();
    }

    private void ask() {
        Map<Integer, CompletableFuture<byte[]>> calls = new HashMap<>();
        for (int node : others) {
            calls.put(node, net.call(node, Net.Call.STANDING, new byte[0], ASK_MS));
        }
        calls.forEach((node, call) -> {
            try {
                heard.put(node, Standing.of(call.get()));
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
            } catch (ExecutionException | IllegalArgumentException e) {
                heard.remove(node);
            }
        });
    }

    /** Waits until the engine, as an observer, has all that a leader of the term has committed. */
    static boolean awaitCaughtUp(Engine engine, int term, BooleanSupplier closed) {
        while (!closed.getAsBoolean()) {
            var leader = engine.client().leaderAndEpoch();
            OptionalInt known = leader.leaderId();
            var committed = engine.client().highWatermark();
            if (known.isPresent()
                    && leader.epoch() >= term
                    && committed.isPresent()
                    && engine.client().logEndOffset() >= committed.getAsLong()
                    && engine.log().lastFetchedEpoch() == leader.epoch()) {
                return true;
            }
            pause();
        }
        return false;
    }

    private static void pause() {
        java.util.concurrent.locks.LockSupport.parkNanos(TimeUnit.MILLISECONDS.toNanos(PAUSE_MS));
    }
}
