package io.jofka.node.kafka.handler;

import io.jofka.node.broker.LeaderElections;
import io.jofka.node.broker.LeaderElections.Elected;
import io.jofka.node.controller.ClusterAdmin.Ballot;
import io.jofka.node.controller.ClusterAdmin.Election;
import io.jofka.node.controller.ClusterAdmin.Place;
import io.jofka.node.controller.TopicAdmin.Outcome;
import io.jofka.node.kafka.Call;
import io.jofka.node.kafka.KafkaLimits;
import io.jofka.node.kafka.Reply;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.apache.kafka.common.message.ElectLeadersRequestData;
import org.apache.kafka.common.message.ElectLeadersResponseData;
import org.apache.kafka.common.message.ElectLeadersResponseData.PartitionResult;
import org.apache.kafka.common.message.ElectLeadersResponseData.ReplicaElectionResult;
import org.apache.kafka.common.protocol.Errors;

/** ElectLeaders: preferred (KIP-183), or unclean, which says that a loss is accepted (KIP-460). */
final class ElectLeadersHandler {
    private static final byte PREFERRED = 0;
    private static final byte UNCLEAN = 1;

    private final LeaderElections elections;
    private final KafkaLimits limits;

    ElectLeadersHandler(LeaderElections elections, KafkaLimits limits) {
        this.elections = elections;
        this.limits = limits;
    }

    Reply handle(ElectLeadersRequestData request, Call call) {
        if (request.electionType() != PREFERRED && request.electionType() != UNCLEAN) {
            return new Reply.Now(new ElectLeadersResponseData().setErrorCode(Errors.INVALID_REQUEST.code()));
        }
        Election kind = request.electionType() == UNCLEAN ? Election.UNCLEAN : Election.PREFERRED;
        boolean all = request.topicPartitions() == null;
        List<Place> places = all ? elections.wanting(kind) : places(request);
        int timeoutMs = Admin.timeout(request.timeoutMs(), limits.adminTimeoutMs());
        List<Ballot> ballots =
                places.stream().map(place -> new Ballot(place, -1)).toList();
        return new Reply.Later(elections
                .elect(kind, ballots, false, timeoutMs)
                .thenApply(answer -> answer(places, answer.outcomes(), all)));
    }

    private static List<Place> places(ElectLeadersRequestData request) {
        List<Place> places = new ArrayList<>();
        request.topicPartitions()
                .forEach(topic ->
                        topic.partitions().forEach(partition -> places.add(new Place(topic.topic(), partition))));
        return places;
    }

    /** Where the caller named no partitions, those that need no election are left out, as Kafka does. */
    private static Reply answer(List<Place> places, List<Outcome<Elected>> outcomes, boolean all) {
        Map<String, ReplicaElectionResult> topics = new LinkedHashMap<>();
        for (int i = 0; i < places.size(); i++) {
            Place place = places.get(i);
            PartitionResult result = new PartitionResult().setPartitionId(place.partition());
            Admin.report(
                    outcomes.get(i),
                    elected -> {},
                    (error, message) -> result.setErrorCode(error.code()).setErrorMessage(message));
            if (!all || result.errorCode() != Errors.ELECTION_NOT_NEEDED.code()) {
                topics.computeIfAbsent(place.topic(), name -> new ReplicaElectionResult().setTopic(name))
                        .partitionResult()
                        .add(result);
            }
        }
        return new Reply.Now(new ElectLeadersResponseData().setReplicaElectionResults(List.copyOf(topics.values())));
    }
}
