package io.jofka.node.kafka.handler;

import io.jofka.node.controller.TopicAdmin;
import io.jofka.node.controller.TopicAdmin.Grown;
import io.jofka.node.controller.TopicAdmin.Growth;
import io.jofka.node.controller.TopicAdmin.Outcome;
import io.jofka.node.kafka.Call;
import io.jofka.node.kafka.KafkaLimits;
import io.jofka.node.kafka.Reply;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import org.apache.kafka.common.message.CreatePartitionsRequestData;
import org.apache.kafka.common.message.CreatePartitionsRequestData.CreatePartitionsAssignment;
import org.apache.kafka.common.message.CreatePartitionsRequestData.CreatePartitionsTopic;
import org.apache.kafka.common.message.CreatePartitionsResponseData;
import org.apache.kafka.common.message.CreatePartitionsResponseData.CreatePartitionsTopicResult;
import org.apache.kafka.common.protocol.Errors;
import org.jspecify.annotations.Nullable;

/** CreatePartitions: lets topics grow (KIP-195). */
final class CreatePartitionsHandler {
    private final TopicAdmin topics;
    private final KafkaLimits limits;

    CreatePartitionsHandler(TopicAdmin topics, KafkaLimits limits) {
        this.topics = topics;
        this.limits = limits;
    }

    Reply handle(CreatePartitionsRequestData request, Call call) {
        CreatePartitionsResponseData response = new CreatePartitionsResponseData();
        List<Growth> growths = new ArrayList<>();
        Set<String> names = new HashSet<>();
        Set<String> repeated = new HashSet<>();
        request.topics().stream()
                .map(CreatePartitionsTopic::name)
                .filter(name -> !names.add(name))
                .forEach(repeated::add);
        repeated.forEach(name -> add(response, name, Errors.INVALID_REQUEST, "the topic is named more than once"));
        for (CreatePartitionsTopic topic : request.topics()) {
            if (!repeated.contains(topic.name())) {
                List<CreatePartitionsAssignment> assignments =
                        topic.assignments() == null ? List.of() : topic.assignments();
                growths.add(new Growth(
                        topic.name(),
                        topic.count(),
                        assignments.stream()
                                .map(CreatePartitionsAssignment::brokerIds)
                                .toList()));
            }
        }
        int timeoutMs = Admin.timeout(request.timeoutMs(), limits.adminTimeoutMs());
        return new Reply.Later(topics.createPartitions(growths, request.validateOnly(), timeoutMs)
                .thenApply(grown -> answer(response, growths, grown.outcomes())));
    }

    private static Reply answer(
            CreatePartitionsResponseData response, List<Growth> growths, List<Outcome<Grown>> outcomes) {
        for (int i = 0; i < growths.size(); i++) {
            String name = growths.get(i).topic();
            Admin.report(
                    outcomes.get(i),
                    grown -> add(response, name, Errors.NONE, null),
                    (error, message) -> add(response, name, error, message));
        }
        return new Reply.Now(response);
    }

    private static void add(
            CreatePartitionsResponseData response, String name, Errors error, @Nullable String message) {
        response.results()
                .add(new CreatePartitionsTopicResult()
                        .setName(name)
                        .setErrorCode(error.code())
                        .setErrorMessage(message));
    }
}
