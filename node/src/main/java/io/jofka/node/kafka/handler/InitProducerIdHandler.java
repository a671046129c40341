package io.jofka.node.kafka.handler;

import io.jofka.api.fault.Fault;
import io.jofka.node.broker.OffsetService.Result;
import io.jofka.node.broker.ProducerIds;
import io.jofka.node.kafka.Call;
import io.jofka.node.kafka.Reply;
import org.apache.kafka.common.message.InitProducerIdRequestData;
import org.apache.kafka.common.message.InitProducerIdResponseData;
import org.apache.kafka.common.protocol.Errors;

/**
 * InitProducerId for idempotent producers (KIP-98, KIP-360): always a new id with epoch 0, which is what Kafka hands out
 * to producers without a transactional id, whatever id they had before.
 */
final class InitProducerIdHandler {
    private final ProducerIds ids;

    InitProducerIdHandler(ProducerIds ids) {
        this.ids = ids;
    }

    Reply handle(InitProducerIdRequestData request, Call call) {
        if (request.transactionalId() != null) {
            return refused(request.transactionalId().isEmpty() ? Errors.INVALID_REQUEST : Errors.UNSUPPORTED_VERSION);
        }
        return new Reply.Later(ids.next().thenApply(InitProducerIdHandler::answer));
    }

    private static Reply answer(Result<Long> next) {
        return switch (next) {
            case Result.Ok<Long>(Long id) ->
                new Reply.Now(new InitProducerIdResponseData().setProducerId(id).setProducerEpoch((short) 0));
            case Result.Refused<Long>(Fault fault, String detail) -> refused(retriable(fault));
        };
    }

    /** No block of ids at the moment: producers ask again on this code, as they do of Kafka. */
    private static Errors retriable(Fault fault) {
        return switch (fault) {
            case NOT_CONTROLLER, SHUTTING_DOWN -> Errors.COORDINATOR_LOAD_IN_PROGRESS;
            case Fault other -> KafkaErrors.of(other);
        };
    }

    private static Reply refused(Errors error) {
        return new Reply.Now(new InitProducerIdResponseData()
                .setErrorCode(error.code())
                .setProducerId(-1)
                .setProducerEpoch((short) -1));
    }
}
