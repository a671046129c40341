package io.jofka.node.kafka.handler;

import io.jofka.node.controller.TopicAdmin;
import io.jofka.node.controller.TopicAdmin.Altered;
import io.jofka.node.controller.TopicAdmin.ConfigChange;
import io.jofka.node.controller.TopicAdmin.ConfigOp;
import io.jofka.node.controller.TopicAdmin.Outcome;
import io.jofka.node.controller.TopicAdmin.Resource;
import io.jofka.node.kafka.Call;
import io.jofka.node.kafka.KafkaLimits;
import io.jofka.node.kafka.Reply;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import org.apache.kafka.clients.admin.AlterConfigOp.OpType;
import org.apache.kafka.common.config.ConfigResource;
import org.apache.kafka.common.message.IncrementalAlterConfigsRequestData;
import org.apache.kafka.common.message.IncrementalAlterConfigsRequestData.AlterConfigsResource;
import org.apache.kafka.common.message.IncrementalAlterConfigsRequestData.AlterableConfig;
import org.apache.kafka.common.message.IncrementalAlterConfigsResponseData;
import org.apache.kafka.common.message.IncrementalAlterConfigsResponseData.AlterConfigsResourceResponse;
import org.apache.kafka.common.protocol.Errors;
import org.jspecify.annotations.Nullable;

/** IncrementalAlterConfigs: set, delete, append, subtract on topics and nodes (KIP-339). */
final class IncrementalAlterConfigsHandler {
    private final TopicAdmin topics;
    private final KafkaLimits limits;

    IncrementalAlterConfigsHandler(TopicAdmin topics, KafkaLimits limits) {
        this.topics = topics;
        this.limits = limits;
    }

    Reply handle(IncrementalAlterConfigsRequestData request, Call call) {
        IncrementalAlterConfigsResponseData response = new IncrementalAlterConfigsResponseData();
        List<AlterConfigsResource> resources = new ArrayList<>();
        List<ConfigChange> changes = new ArrayList<>();
        for (AlterConfigsResource resource : request.resources()) {
            String problem = problem(resource);
            if (problem.isEmpty()) {
                resources.add(resource);
                changes.add(change(resource));
            } else {
                add(response, resource, Errors.INVALID_REQUEST, problem);
            }
        }
        int timeoutMs = Math.min(30_000, limits.adminTimeoutMs());
        return new Reply.Later(topics.alterConfigs(changes, request.validateOnly(), timeoutMs)
                .thenApply(altered -> answer(response, resources, altered.outcomes())));
    }

    private static String problem(AlterConfigsResource resource) {
        ConfigResource.Type type = ConfigResource.Type.forId(resource.resourceType());
        if (type != ConfigResource.Type.TOPIC && type != ConfigResource.Type.BROKER) {
            return "configurations are of topics (2) and brokers (4)";
        }
        Set<String> keys = new HashSet<>();
        for (AlterableConfig config : resource.configs()) {
            if (!keys.add(config.name())) {
                return "configuration " + config.name() + " is named more than once";
            }
            Optional<ConfigOp.Kind> kind = kind(config.configOperation());
            if (kind.isEmpty()) {
                return "no such operation: " + config.configOperation();
            }
            if (config.value() == null && kind.get() != ConfigOp.Kind.DELETE) {
                return "configuration " + config.name() + " has no value";
            }
        }
        return "";
    }

    private static Optional<ConfigOp.Kind> kind(byte operation) {
        for (OpType type : OpType.values()) {
            if (type.id() == operation) {
                return Optional.of(
                        switch (type) {
                            case SET -> ConfigOp.Kind.SET;
                            case DELETE -> ConfigOp.Kind.DELETE;
                            case APPEND -> ConfigOp.Kind.APPEND;
                            case SUBTRACT -> ConfigOp.Kind.SUBTRACT;
                        });
            }
        }
        return Optional.empty();
    }

    private static ConfigChange change(AlterConfigsResource resource) {
        boolean topic = ConfigResource.Type.forId(resource.resourceType()) == ConfigResource.Type.TOPIC;
        List<ConfigOp> ops = new ArrayList<>();
        for (AlterableConfig config : resource.configs()) {
            String value = config.value();
            ops.add(new ConfigOp(
                    kind(config.configOperation()).orElseThrow(), config.name(), value == null ? "" : value));
        }
        return new ConfigChange(topic ? Resource.TOPIC : Resource.NODE, resource.resourceName(), ops, Optional.empty());
    }

    private static Reply answer(
            IncrementalAlterConfigsResponseData response,
            List<AlterConfigsResource> resources,
            List<Outcome<Altered>> outcomes) {
        for (int i = 0; i < resources.size(); i++) {
            AlterConfigsResource resource = resources.get(i);
            Admin.report(
                    outcomes.get(i),
                    altered -> add(response, resource, Errors.NONE, null),
                    (error, message) -> add(response, resource, error, message));
        }
        return new Reply.Now(response);
    }

    private static void add(
            IncrementalAlterConfigsResponseData response,
            AlterConfigsResource resource,
            Errors error,
            @Nullable String message) {
        response.responses()
                .add(new AlterConfigsResourceResponse()
                        .setResourceType(resource.resourceType())
                        .setResourceName(resource.resourceName())
                        .setErrorCode(error.code())
                        .setErrorMessage(message));
    }
}
