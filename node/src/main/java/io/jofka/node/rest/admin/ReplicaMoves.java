package io.jofka.node.rest.admin;

import io.jofka.api.fault.Fault;
import io.jofka.api.model.ReassignmentSpec;
import io.jofka.api.model.ReplicaMove;
import io.jofka.node.controller.ClusterAdmin.Move;
import io.jofka.node.controller.ClusterAdmin.Place;
import io.jofka.node.controller.TopicAdmin.Answer;
import io.jofka.node.controller.TopicAdmin.ConfigChange;
import io.jofka.node.controller.TopicAdmin.ConfigOp;
import io.jofka.node.controller.TopicAdmin.Outcome;
import io.jofka.node.controller.TopicAdmin.Resource;
import io.jofka.node.metadata.ClusterImage;
import io.jofka.node.metadata.NodeConfigs;
import io.jofka.node.metadata.ReplicaBalance;
import io.jofka.node.metadata.TopicImage;
import io.jofka.node.rest.Problem;
import io.jofka.node.rest.Refusal;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** Turns a wish to move replicas into moves, checks all of them before any begins, and begins them. Thread-safe. */
final class ReplicaMoves {
    static final int MAX_MOVES = 10_000;
    private static final int DEFAULT_MOVES = 1_000;
    private static final String BALANCE = "balance";

    private final AdminServices services;
    private final Changes changes;

    ReplicaMoves(AdminServices services, Changes changes) {
        this.services = services;
        this.changes = changes;
    }

    /** The moves that are listed, or that the strategy comes to now. */
    List<ReplicaMove> planned(ReassignmentSpec spec) {
        Long rate = spec.throttleBytesPerSecond();
        if (rate != null && rate < 0) {
            throw Refusals.body("/throttleBytesPerSecond", "'throttleBytesPerSecond' is 0 or more, not " + rate + ".");
        }
        List<ReplicaMove> listed = spec.moves();
        if (listed != null) {
            if (spec.strategy() != null || spec.topics() != null || spec.maxMoves() != null) {
                throw Refusals.body("/moves", "Give either 'moves', or 'strategy' with 'topics' and 'maxMoves'.");
            }
            if (listed.isEmpty() || listed.size() > MAX_MOVES) {
                throw Refusals.body("/moves", "'moves' has 1 to " + MAX_MOVES + " items, not " + listed.size() + ".");
            }
            return listed;
        }
        if (!BALANCE.equals(spec.strategy())) {
            throw Refusals.body("/strategy", "Give 'moves', or the 'strategy' balance.");
        }
        Integer given = spec.maxMoves();
        int most = given == null ? DEFAULT_MOVES : given;
        if (most < 1 || most > MAX_MOVES) {
            throw Refusals.body("/maxMoves", "'maxMoves' is 1 to " + MAX_MOVES + ", not " + most + ".");
        }
        ClusterImage image = services.images().current();
        Set<String> wanted = topics(image, spec.topics());
        return ReplicaBalance.plan(image, topic -> wanted.isEmpty() || wanted.contains(topic.name()), most).stream()
                .map(step -> new ReplicaMove(step.topic(), step.partition(), step.replicas()))
                .toList();
    }

    private static Set<String> topics(ClusterImage image, @Nullable List<String> names) {
        if (names == null) {
            return Set.of();
        }
        if (names.isEmpty()) {
            throw Refusals.body("/topics", "'topics' names at least one topic; leave it out for all.");
        }
        for (int i = 0; i < names.size(); i++) {
            Optional<TopicImage> topic = image.topic(names.get(i));
            if (topic.isEmpty()) {
                throw Refusal.at(
                        Fault.UNKNOWN_TOPIC_OR_PARTITION,
                        "/topics/" + i,
                        "Topic '" + io.jofka.node.rest.Parameters.shown(names.get(i)) + "' does not exist.");
            }
        }
        return new HashSet<>(names);
    }

    private static List<Move> moves(List<ReplicaMove> planned) {
        return planned.stream()
                .map(move -> new Move(new Place(move.topic(), move.partition()), Optional.of(move.replicas())))
                .toList();
    }

    /** Lets the controller look at all moves; each that cannot be is pointed at, and none begins then. */
    void check(List<ReplicaMove> planned, int timeoutMs) {
        if (!planned.isEmpty()) {
            refuse(changes.join(services.cluster().moveReplicas(moves(planned), true, timeoutMs), timeoutMs), "");
        }
    }

    /** Sets the limit first, so that nothing runs without it. Answers the metadata index that holds all. */
    long begin(List<ReplicaMove> planned, @Nullable Long rate, int timeoutMs) {
        long index = services.images().current().index();
        if (rate != null) {
            ConfigOp op = rate == 0
                    ? new ConfigOp(ConfigOp.Kind.DELETE, NodeConfigs.MOVE_RATE, "")
                    : new ConfigOp(ConfigOp.Kind.SET, NodeConfigs.MOVE_RATE, Long.toString(rate));
            ConfigChange change = new ConfigChange(Resource.NODE, "", List.of(op), Optional.empty());
            index = changes.await(
                            services.topics().alterConfigs(List.of(change), false, timeoutMs),
                            timeoutMs,
                            "/throttleBytesPerSecond")
                    .index();
        }
        if (planned.isEmpty()) {
            return index;
        }
        Answer<List<Integer>> answer =
                changes.join(services.cluster().moveReplicas(moves(planned), false, timeoutMs), timeoutMs);
        refuse(answer, " The other moves of the request have begun.");
        return answer.index();
    }

    private static void refuse(Answer<List<Integer>> answer, String others) {
        List<Problem.Pointer> faults = new ArrayList<>();
        Optional<Fault> first = Optional.empty();
        for (int i = 0; i < answer.outcomes().size(); i++) {
            if (answer.outcomes().get(i) instanceof Outcome.Refused<List<Integer>> no) {
                first = first.or(() -> Optional.of(no.fault()));
                faults.add(new Problem.Pointer("/moves/" + i, no.fault().name(), no.detail()));
            }
        }
        if (first.isPresent()) {
            boolean some = faults.size() < answer.outcomes().size();
            throw new Refusal(Problem.of(first.get(), faults.getFirst().detail() + "." + (some ? others : ""))
                    .errors(faults));
        }
    }
}
