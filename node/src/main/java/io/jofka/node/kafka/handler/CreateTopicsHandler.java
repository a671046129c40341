package io.jofka.node.kafka.handler;

import io.jofka.node.controller.TopicAdmin;
import io.jofka.node.controller.TopicAdmin.Created;
import io.jofka.node.controller.TopicAdmin.Outcome;
import io.jofka.node.controller.TopicAdmin.TopicSpec;
import io.jofka.node.kafka.Call;
import io.jofka.node.kafka.KafkaLimits;
import io.jofka.node.kafka.Reply;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.apache.kafka.common.message.CreateTopicsRequestData;
import org.apache.kafka.common.message.CreateTopicsRequestData.CreatableTopic;
import org.apache.kafka.common.message.CreateTopicsResponseData;
import org.apache.kafka.common.message.CreateTopicsResponseData.CreatableTopicConfigs;
import org.apache.kafka.common.message.CreateTopicsResponseData.CreatableTopicResult;
import org.apache.kafka.common.protocol.Errors;

/** CreateTopics: one outcome for each topic; a name given twice, or a config without value, is refused here. */
final class CreateTopicsHandler {
    private static final int UNSET = -1;

    private final TopicAdmin topics;
    private final KafkaLimits limits;
    private final ConfigTexts configs;

    CreateTopicsHandler(TopicAdmin topics, KafkaLimits limits, ConfigTexts configs) {
        this.topics = topics;
        this.limits = limits;
        this.configs = configs;
    }

    Reply handle(CreateTopicsRequestData request, Call call) {
        CreateTopicsResponseData response = new CreateTopicsResponseData();
        List<TopicSpec> specs = new ArrayList<>();
        Set<String> names = new HashSet<>();
        Set<String> refused = new HashSet<>();
        request.topics().stream()
                .map(CreatableTopic::name)
                .filter(name -> !names.add(name))
                .forEach(refused::add);
        refused.forEach(name -> refuse(response, name, Errors.INVALID_REQUEST, "the topic is named more than once"));
        for (CreatableTopic topic : request.topics()) {
            if (refused.contains(topic.name())) {
                continue;
            }
            String problem = problem(topic);
            if (problem.isEmpty()) {
                specs.add(spec(topic));
            } else {
                refuse(response, topic.name(), Errors.INVALID_REQUEST, problem);
            }
        }
        int timeoutMs = Admin.timeout(request.timeoutMs(), limits.adminTimeoutMs());
        return new Reply.Later(topics.createTopics(specs, request.validateOnly(), timeoutMs)
                .thenApply(made -> answer(response, specs, made.outcomes())));
    }

    private static String problem(CreatableTopic topic) {
        for (var config : topic.configs()) {
            if (config.value() == null) {
                return "configuration " + config.name() + " has no value";
            }
        }
        boolean counted = topic.numPartitions() != UNSET || topic.replicationFactor() != UNSET;
        return counted && !topic.assignments().isEmpty()
                ? "numbers of partitions and replicas must be -1 when the assignment is given"
                : "";
    }

    private static TopicSpec spec(CreatableTopic topic) {
        Map<Integer, List<Integer>> assignment = new HashMap<>();
        topic.assignments().forEach(a -> assignment.put(a.partitionIndex(), a.brokerIds()));
        Map<String, String> configs = new HashMap<>();
        topic.configs().forEach(config -> configs.put(config.name(), config.value()));
        return new TopicSpec(topic.name(), topic.numPartitions(), topic.replicationFactor(), assignment, configs);
    }

    private Reply answer(CreateTopicsResponseData response, List<TopicSpec> specs, List<Outcome<Created>> outcomes) {
        for (int i = 0; i < specs.size(); i++) {
            String name = specs.get(i).name();
            Admin.report(
                    outcomes.get(i),
                    created -> response.topics().add(created(created)),
                    (error, message) -> refuse(response, name, error, message));
        }
        return new Reply.Now(response);
    }

    private CreatableTopicResult created(Created created) {
        CreatableTopicResult result = new CreatableTopicResult()
                .setName(created.name())
                .setTopicId(Ids.of(created.id()))
                .setNumPartitions(created.partitions())
                .setReplicationFactor((short) created.replicationFactor());
        configs.ofNewTopic(created.name(), created.configs())
                .forEach(config -> result.configs()
                        .add(new CreatableTopicConfigs()
                                .setName(config.key().name())
                                .setValue(config.value())
                                .setConfigSource(
                                        ConfigTexts.source(config.source()).id())));
        return result;
    }

    private static void refuse(CreateTopicsResponseData response, String name, Errors error, String message) {
        response.topics()
                .add(new CreatableTopicResult()
                        .setName(name)
                        .setErrorCode(error.code())
                        .setErrorMessage(message));
    }
}
