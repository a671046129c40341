package io.jofka.node.kafka.handler;

import io.jofka.node.kafka.Call;
import io.jofka.node.kafka.Reply;
import org.apache.kafka.common.message.FindCoordinatorRequestData;
import org.apache.kafka.common.message.FindCoordinatorResponseData;
import org.apache.kafka.common.message.FindCoordinatorResponseData.Coordinator;
import org.apache.kafka.common.protocol.Errors;

/**
 * FindCoordinator: there is none yet. Groups are told to try again later; a transactional producer is told plainly that
 * it cannot be served, because it would otherwise try for ever.
 */
final class FindCoordinatorHandler {
    private static final short FIRST_BATCHED_VERSION = 4;
    private static final byte GROUP = 0;
    private static final byte TRANSACTION = 1;
    private static final byte SHARE = 2;
    private static final int NOBODY = -1;

    private record Refusal(Errors error, String message) {}

    Reply handle(FindCoordinatorRequestData request, Call call) {
        Refusal refusal = switch (request.keyType()) {
            case GROUP ->
                new Refusal(Errors.COORDINATOR_NOT_AVAILABLE, "consumer groups are not served yet; assign partitions");
            case TRANSACTION -> new Refusal(Errors.UNSUPPORTED_VERSION, "transactions are not served yet");
            case SHARE -> new Refusal(Errors.UNSUPPORTED_VERSION, "share groups are not served yet");
            default -> new Refusal(Errors.INVALID_REQUEST, "no such key type: " + request.keyType());
        };
        FindCoordinatorResponseData response = new FindCoordinatorResponseData();
        if (call.version() < FIRST_BATCHED_VERSION) {
            return new Reply.Now(response.setErrorCode(refusal.error().code())
                    .setErrorMessage(refusal.message())
                    .setNodeId(NOBODY)
                    .setHost("")
                    .setPort(NOBODY));
        }
        for (String key : request.coordinatorKeys()) {
            response.coordinators()
                    .add(new Coordinator()
                            .setKey(key)
                            .setErrorCode(refusal.error().code())
                            .setErrorMessage(refusal.message())
                            .setNodeId(NOBODY)
                            .setHost("")
                            .setPort(NOBODY));
        }
        return new Reply.Now(response);
    }
}
