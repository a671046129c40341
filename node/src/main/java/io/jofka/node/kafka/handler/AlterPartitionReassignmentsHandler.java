package io.jofka.node.kafka.handler;

import io.jofka.node.controller.ClusterAdmin;
import io.jofka.node.controller.ClusterAdmin.Move;
import io.jofka.node.controller.ClusterAdmin.Place;
import io.jofka.node.controller.Images;
import io.jofka.node.controller.TopicAdmin.Outcome;
import io.jofka.node.kafka.Call;
import io.jofka.node.kafka.KafkaLimits;
import io.jofka.node.kafka.Reply;
import io.jofka.node.metadata.PartitionImage;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.apache.kafka.common.message.AlterPartitionReassignmentsRequestData;
import org.apache.kafka.common.message.AlterPartitionReassignmentsRequestData.ReassignablePartition;
import org.apache.kafka.common.message.AlterPartitionReassignmentsRequestData.ReassignableTopic;
import org.apache.kafka.common.message.AlterPartitionReassignmentsResponseData;
import org.apache.kafka.common.message.AlterPartitionReassignmentsResponseData.ReassignablePartitionResponse;
import org.apache.kafka.common.message.AlterPartitionReassignmentsResponseData.ReassignableTopicResponse;
import org.apache.kafka.common.protocol.Errors;

/** AlterPartitionReassignments: moves replicas, or takes that back (KIP-455). */
final class AlterPartitionReassignmentsHandler {
    private final ClusterAdmin cluster;
    private final Images images;
    private final KafkaLimits limits;

    AlterPartitionReassignmentsHandler(ClusterAdmin cluster, Images images, KafkaLimits limits) {
        this.cluster = cluster;
        this.images = images;
        this.limits = limits;
    }

    Reply handle(AlterPartitionReassignmentsRequestData request, Call call) {
        Map<String, ReassignableTopicResponse> topics = new LinkedHashMap<>();
        List<Move> moves = new ArrayList<>();
        for (ReassignableTopic topic : request.topics()) {
            for (ReassignablePartition partition : topic.partitions()) {
                Move move = new Move(
                        new Place(topic.name(), partition.partitionIndex()),
                        Optional.ofNullable(partition.replicas()).map(List::copyOf));
                if (!request.allowReplicationFactorChange() && changesFactor(move)) {
                    add(topics, move.place())
                            .setErrorCode(Errors.INVALID_REPLICATION_FACTOR.code())
                            .setErrorMessage("the number of replicas would change, and the request forbids that");
                } else {
                    moves.add(move);
                }
            }
        }
        int timeoutMs = Admin.timeout(request.timeoutMs(), limits.adminTimeoutMs());
        boolean mayChange = request.allowReplicationFactorChange();
        return new Reply.Later(cluster.moveReplicas(moves, false, timeoutMs)
                .thenApply(answer -> answer(mayChange, topics, moves, answer.outcomes())));
    }

    private boolean changesFactor(Move move) {
        return move.target().isPresent()
                && images.current()
                        .topic(move.place().topic())
                        .filter(topic -> move.place().partition() >= 0
                                && move.place().partition() < topic.partitions().size())
                        .map(topic -> topic.partitions().get(move.place().partition()))
                        .filter(partition ->
                                settled(partition) != move.target().get().size())
                        .isPresent();
    }

    private static int settled(PartitionImage partition) {
        return partition.replicas().size() - partition.adding().size();
    }

    private static ReassignablePartitionResponse add(Map<String, ReassignableTopicResponse> topics, Place place) {
        ReassignablePartitionResponse response =
                new ReassignablePartitionResponse().setPartitionIndex(place.partition());
        topics.computeIfAbsent(place.topic(), name -> new ReassignableTopicResponse().setName(name))
                .partitions()
                .add(response);
        return response;
    }

    private static Reply answer(
            boolean mayChange,
            Map<String, ReassignableTopicResponse> topics,
            List<Move> moves,
            List<Outcome<List<Integer>>> outcomes) {
        for (int i = 0; i < moves.size(); i++) {
            ReassignablePartitionResponse response = add(topics, moves.get(i).place());
            Admin.report(
                    outcomes.get(i),
                    replicas -> {},
                    (error, message) -> response.setErrorCode(error.code()).setErrorMessage(message));
        }
        return new Reply.Now(new AlterPartitionReassignmentsResponseData()
                .setAllowReplicationFactorChange(mayChange)
                .setResponses(List.copyOf(topics.values())));
    }
}
