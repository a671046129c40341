package io.jofka.tests.faults;

import java.util.ArrayList;
import java.util.EnumSet;
import java.util.List;
import java.util.Set;
import java.util.SplittableRandom;

/**
 * What happens to a cluster in one run, drawn from a seed: episodes one after another, each with one fault or two at the
 * same time, and a rest behind it. Pure: the same seed and the same kinds make the same plan.
 */
record Plan(long seed, List<Episode> episodes) {
    private static final int MIN_LAST_MS = 500;
    private static final int MAX_LAST_MS = 7_000;
    private static final int MIN_REST_MS = 300;
    private static final int MAX_REST_MS = 4_000;

    Plan {
        episodes = List.copyOf(episodes);
    }

    /** What can happen. */
    enum Kind {
        /** SIGKILL; started again when the episode ends. */
        KILL,
        /** SIGKILL to all. */
        KILL_ALL,
        /** SIGSTOP; SIGCONT when the episode ends. */
        PAUSE,
        /** SIGTERM, and started again when the episode ends. */
        STOP,
        /** SIGKILL, all data removed, started again when the episode ends. All replicas are in sync before. */
        WIPE,
        /** Cut off from all others. */
        ISOLATE,
        /** Cut off from one other. */
        CUT,
        /** What it sends to one other is held back, what the other sends arrives. */
        CUT_ONE_WAY,
        /** All it exchanges with one other takes longer. */
        DELAY;

        /** Whether it takes a node out, which no more than one such fault of an episode may do. */
        boolean takesDataAway() {
            return this == WIPE;
        }
    }

    /** Whom it happens to; found out when the episode begins. */
    enum Who {
        LEADER,
        FOLLOWER,
        CONTROLLER
    }

    /** A fault. {@code other} chooses among the nodes that it does not happen to. */
    record Step(Kind kind, Who who, int other) {}

    /**
     * Faults that begin together, last, and end together.
     *
     * @param freshConnections whether connections between nodes break when the network heals
     */
    record Episode(List<Step> steps, int lastMs, int restMs, boolean freshConnections) {
        Episode {
            steps = List.copyOf(steps);
        }
    }

    /** @param lengthMs until the last episode begins, about */
    static Plan of(long seed, int lengthMs, Set<Kind> kinds) {
        SplittableRandom random = new SplittableRandom(seed);
        List<Kind> possible = new ArrayList<>(EnumSet.copyOf(kinds));
        List<Episode> episodes = new ArrayList<>();
        for (int at = 0; at < lengthMs; ) {
            List<Step> steps = new ArrayList<>();
            steps.add(step(random, possible));
            if (random.nextBoolean()) {
                Step second = step(random, possible);
                if (!(second.kind().takesDataAway() || steps.getFirst().kind().takesDataAway())) {
                    steps.add(second);
                }
            }
            Episode episode = new Episode(
                    steps,
                    random.nextInt(MIN_LAST_MS, MAX_LAST_MS),
                    random.nextInt(MIN_REST_MS, MAX_REST_MS),
                    random.nextBoolean());
            episodes.add(episode);
            at += episode.lastMs() + episode.restMs();
        }
        return new Plan(seed, episodes);
    }

    private static Step step(SplittableRandom random, List<Kind> possible) {
        Who[] all = Who.values();
        return new Step(
                possible.get(random.nextInt(possible.size())), all[random.nextInt(all.length)], random.nextInt(1_000));
    }
}
