package io.jofka.node.kafka.handler;

import io.jofka.node.controller.Images;
import io.jofka.node.kafka.Call;
import io.jofka.node.kafka.Reply;
import io.jofka.node.metadata.EffectiveConfig;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import org.apache.kafka.common.config.ConfigResource;
import org.apache.kafka.common.internals.Topic;
import org.apache.kafka.common.message.DescribeConfigsRequestData;
import org.apache.kafka.common.message.DescribeConfigsRequestData.DescribeConfigsResource;
import org.apache.kafka.common.message.DescribeConfigsResponseData;
import org.apache.kafka.common.message.DescribeConfigsResponseData.DescribeConfigsResourceResult;
import org.apache.kafka.common.message.DescribeConfigsResponseData.DescribeConfigsResult;
import org.apache.kafka.common.message.DescribeConfigsResponseData.DescribeConfigsSynonym;
import org.apache.kafka.common.protocol.Errors;

/** DescribeConfigs of topics, of this node, and (empty name) of the cluster-wide node default. */
final class DescribeConfigsHandler {
    private final ConfigTexts configs;
    private final Images images;
    private final int nodeId;

    DescribeConfigsHandler(ConfigTexts configs, Images images, int nodeId) {
        this.configs = configs;
        this.images = images;
        this.nodeId = nodeId;
    }

    private record Described(Errors error, String message, List<EffectiveConfig> configs) {
        static Described failed(Errors error, String message) {
            return new Described(error, message, List.of());
        }

        static Described of(List<EffectiveConfig> configs) {
            return new Described(Errors.NONE, "", configs);
        }
    }

    Reply handle(DescribeConfigsRequestData request, Call call) {
        DescribeConfigsResponseData response = new DescribeConfigsResponseData();
        for (DescribeConfigsResource resource : request.resources()) {
            Described described = describe(resource);
            DescribeConfigsResult result = new DescribeConfigsResult()
                    .setResourceType(resource.resourceType())
                    .setResourceName(resource.resourceName())
                    .setErrorCode(described.error().code())
                    .setErrorMessage(described.error() == Errors.NONE ? null : described.message());
            Optional<Set<String>> wanted = Optional.ofNullable(resource.configurationKeys())
                    .filter(keys -> !keys.isEmpty())
                    .map(HashSet::new);
            for (EffectiveConfig config : described.configs()) {
                if (wanted.isEmpty() || wanted.get().contains(config.key().name())) {
                    result.configs().add(entry(config, request));
                }
            }
            response.results().add(result);
        }
        return new Reply.Now(response);
    }

    private Described describe(DescribeConfigsResource resource) {
        String name = resource.resourceName();
        return switch (ConfigResource.Type.forId(resource.resourceType())) {
            case TOPIC -> topic(name);
            case BROKER -> node(name);
            case BROKER_LOGGER, CLIENT_METRICS, GROUP, UNKNOWN ->
                Described.failed(Errors.INVALID_REQUEST, "configurations are of topics (2) and brokers (4)");
        };
    }

    private Described topic(String name) {
        if (!Topic.isValid(name)) {
            return Described.failed(Errors.INVALID_TOPIC_EXCEPTION, "this cannot be the name of a topic");
        }
        return images.current()
                .topic(name)
                .map(topic -> Described.of(configs.ofTopic(topic)))
                .orElseGet(() -> Described.failed(Errors.UNKNOWN_TOPIC_OR_PARTITION, "no topic has this name"));
    }

    private Described node(String name) {
        return name.isEmpty() || name.equals(Integer.toString(nodeId))
                ? Described.of(configs.ofNode(name))
                : Described.failed(Errors.INVALID_REQUEST, "this is node " + nodeId + "; ask node " + name + " itself");
    }

    private static DescribeConfigsResourceResult entry(EffectiveConfig config, DescribeConfigsRequestData request) {
        DescribeConfigsResourceResult entry = new DescribeConfigsResourceResult()
                .setName(config.key().name())
                .setValue(config.value())
                .setConfigSource(ConfigTexts.source(config.source()).id())
                .setConfigType(ConfigTexts.type(config.key().type()).id());
        if (request.includeSynonyms()) {
            for (EffectiveConfig.Setting setting : config.overridden()) {
                entry.synonyms()
                        .add(new DescribeConfigsSynonym()
                                .setName(setting.name())
                                .setValue(setting.value())
                                .setSource(ConfigTexts.source(setting.source()).id()));
            }
        }
        return request.includeDocumentation()
                ? entry.setDocumentation(config.key().doc())
                : entry;
    }
}
