package io.jofka.node.kafka.handler;

import io.jofka.node.controller.TopicAdmin;
import io.jofka.node.controller.TopicAdmin.Deleted;
import io.jofka.node.controller.TopicAdmin.Outcome;
import io.jofka.node.controller.TopicAdmin.TopicRef;
import io.jofka.node.kafka.Call;
import io.jofka.node.kafka.KafkaLimits;
import io.jofka.node.kafka.Reply;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import org.apache.kafka.common.Uuid;
import org.apache.kafka.common.message.DeleteTopicsRequestData;
import org.apache.kafka.common.message.DeleteTopicsRequestData.DeleteTopicState;
import org.apache.kafka.common.message.DeleteTopicsResponseData;
import org.apache.kafka.common.message.DeleteTopicsResponseData.DeletableTopicResult;
import org.apache.kafka.common.protocol.Errors;
import org.jspecify.annotations.Nullable;

/** DeleteTopics, by name or, from version 6, by id (KIP-516). */
final class DeleteTopicsHandler {
    private static final short FIRST_VERSION_WITH_IDS = 6;

    private final TopicAdmin topics;
    private final KafkaLimits limits;

    DeleteTopicsHandler(TopicAdmin topics, KafkaLimits limits) {
        this.topics = topics;
        this.limits = limits;
    }

    Reply handle(DeleteTopicsRequestData request, Call call) {
        DeleteTopicsResponseData response = new DeleteTopicsResponseData();
        List<DeleteTopicState> asked = call.version() >= FIRST_VERSION_WITH_IDS
                ? request.topics()
                : request.topicNames().stream()
                        .map(name -> new DeleteTopicState().setName(name))
                        .toList();
        List<DeleteTopicState> states = new ArrayList<>();
        List<TopicRef> refs = new ArrayList<>();
        Set<Object> seen = new HashSet<>();
        for (DeleteTopicState state : asked) {
            boolean byName = state.name() != null;
            boolean byId = !state.topicId().equals(Uuid.ZERO_UUID);
            if (byName == byId) {
                refuse(response, state, Errors.INVALID_REQUEST, "give the name or the id, one of them");
            } else if (!seen.add(byName ? state.name() : state.topicId())) {
                refuse(response, state, Errors.INVALID_REQUEST, "the topic is named more than once");
            } else {
                states.add(state);
                refs.add(new TopicRef(
                        Optional.ofNullable(state.name()),
                        byId ? Optional.of(Ids.of(state.topicId())) : Optional.empty(),
                        Optional.empty()));
            }
        }
        int timeoutMs = Admin.timeout(request.timeoutMs(), limits.adminTimeoutMs());
        return new Reply.Later(topics.deleteTopics(refs, false, timeoutMs)
                .thenApply(gone -> answer(response, states, gone.outcomes())));
    }

    private static Reply answer(
            DeleteTopicsResponseData response, List<DeleteTopicState> states, List<Outcome<Deleted>> outcomes) {
        for (int i = 0; i < states.size(); i++) {
            DeleteTopicState state = states.get(i);
            Admin.report(
                    outcomes.get(i),
                    deleted ->
                            response.responses().add(result(deleted.name(), Ids.of(deleted.id()), Errors.NONE, null)),
                    (error, message) -> refuse(response, state, error, message));
        }
        return new Reply.Now(response);
    }

    private static void refuse(
            DeleteTopicsResponseData response, DeleteTopicState state, Errors error, String message) {
        response.responses().add(result(state.name(), state.topicId(), error, message));
    }

    private static DeletableTopicResult result(@Nullable String name, Uuid id, Errors error, @Nullable String message) {
        return new DeletableTopicResult()
                .setName(name)
                .setTopicId(id)
                .setErrorCode(error.code())
                .setErrorMessage(message);
    }
}
