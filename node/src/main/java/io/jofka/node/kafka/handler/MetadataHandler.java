package io.jofka.node.kafka.handler;

import io.jofka.api.fault.Fault;
import io.jofka.node.controller.Images;
import io.jofka.node.controller.TopicAdmin;
import io.jofka.node.controller.TopicAdmin.Outcome;
import io.jofka.node.controller.TopicAdmin.TopicSpec;
import io.jofka.node.kafka.Call;
import io.jofka.node.kafka.KafkaConfig;
import io.jofka.node.kafka.Reply;
import io.jofka.node.metadata.ClusterImage;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.apache.kafka.common.Uuid;
import org.apache.kafka.common.internals.Topic;
import org.apache.kafka.common.message.MetadataRequestData;
import org.apache.kafka.common.message.MetadataRequestData.MetadataRequestTopic;
import org.apache.kafka.common.protocol.Errors;

/**
 * Metadata: topics by name or id from this node's image. Topics that do not exist are created first where the client
 * allows it and the node is set up so; the answer then already shows them.
 */
final class MetadataHandler {
    private static final int MAX_CREATED_AT_ONCE = 100;
    private static final int CREATE_TIMEOUT_MS = 15_000;
    private static final short FIRST_VERSION_WITH_IDS = 12;

    private final KafkaConfig config;
    private final Images images;
    private final TopicAdmin topics;

    MetadataHandler(KafkaConfig config, Images images, TopicAdmin topics) {
        this.config = config;
        this.images = images;
        this.topics = topics;
    }

    Reply handle(MetadataRequestData request, Call call) {
        ClusterImage image = images.current();
        List<TopicSpec> missing = missing(request, call, image);
        if (missing.isEmpty()) {
            return new Reply.Now(answer(request, call, Map.of()).build());
        }
        return new Reply.Later(topics.createTopics(missing, false, CREATE_TIMEOUT_MS)
                .thenApply(made -> new Reply.Now(answer(request, call, failures(missing, made.outcomes()))
                        .build())));
    }

    private List<TopicSpec> missing(MetadataRequestData request, Call call, ClusterImage image) {
        if (!config.autoCreateTopics() || !request.allowAutoTopicCreation() || all(request, call.version())) {
            return List.of();
        }
        Set<String> names = new LinkedHashSet<>();
        for (MetadataRequestTopic topic : request.topics()) {
            boolean creatable = topic.topicId().equals(Uuid.ZERO_UUID)
                    && topic.name() != null
                    && Topic.isValid(topic.name())
                    && !Topic.isInternal(topic.name())
                    && image.topic(topic.name()).isEmpty();
            if (creatable && names.size() < MAX_CREATED_AT_ONCE) {
                names.add(topic.name());
            }
        }
        return names.stream()
                .map(name -> new TopicSpec(name, -1, -1, Map.of(), Map.of()))
                .toList();
    }

    /** Why topics could not be created, by name. One that came to be meanwhile is no failure. */
    private static Map<String, Errors> failures(List<TopicSpec> asked, List<Outcome<TopicAdmin.Created>> outcomes) {
        Map<String, Errors> failures = new HashMap<>();
        for (int i = 0; i < asked.size(); i++) {
            if (outcomes.get(i) instanceof Outcome.Refused<TopicAdmin.Created> refused
                    && refused.fault() != Fault.TOPIC_ALREADY_EXISTS) {
                Errors error = refused.fault().retriable()
                        ? Errors.LEADER_NOT_AVAILABLE
                        : KafkaErrors.forAdmin(refused.fault());
                failures.put(asked.get(i).name(), error);
            }
        }
        return failures;
    }

    private static boolean all(MetadataRequestData request, short version) {
        return request.topics() == null || (version == 0 && request.topics().isEmpty());
    }

    private MetadataAnswer answer(MetadataRequestData request, Call call, Map<String, Errors> failures) {
        ClusterImage image = images.current();
        MetadataAnswer answer = new MetadataAnswer(image, request, call.version(), config.nodeId());
        if (all(request, call.version())) {
            image.topics().forEach(answer::addTopic);
            return answer;
        }
        for (MetadataRequestTopic topic : new ArrayList<>(request.topics())) {
            boolean byId = !topic.topicId().equals(Uuid.ZERO_UUID);
            if (byId ? call.version() < FIRST_VERSION_WITH_IDS : topic.name() == null) {
                answer.addError(topic.name() == null ? "" : topic.name(), Errors.INVALID_REQUEST);
            } else if (byId) {
                image.topic(Ids.of(topic.topicId()))
                        .ifPresentOrElse(answer::addTopic, () -> answer.addUnknownId(topic.topicId()));
            } else {
                addByName(answer, image, topic.name(), failures);
            }
        }
        return answer;
    }

    private static void addByName(
            MetadataAnswer answer, ClusterImage image, String name, Map<String, Errors> failures) {
        image.topic(name).ifPresentOrElse(answer::addTopic, () -> {
            Errors error = Topic.isValid(name) ? Errors.UNKNOWN_TOPIC_OR_PARTITION : Errors.INVALID_TOPIC_EXCEPTION;
            answer.addError(name, failures.getOrDefault(name, error));
        });
    }
}
