package io.jofka.node.kafka.handler;

import static org.hamcrest.MatcherAssert.assertThat;
import static org.hamcrest.Matchers.in;
import static org.hamcrest.Matchers.instanceOf;
import static org.hamcrest.Matchers.is;

import io.jofka.api.fault.Fault;
import java.util.Set;
import org.apache.kafka.common.errors.RetriableException;
import org.apache.kafka.common.protocol.Errors;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

final class KafkaErrorsTest {
    /** What a consumer knows; any other code from Fetch kills it. */
    private static final Set<Errors> FETCHABLE = Set.of(
            Errors.NOT_LEADER_OR_FOLLOWER,
            Errors.REPLICA_NOT_AVAILABLE,
            Errors.FENCED_LEADER_EPOCH,
            Errors.UNKNOWN_LEADER_EPOCH,
            Errors.KAFKA_STORAGE_ERROR,
            Errors.UNKNOWN_TOPIC_OR_PARTITION,
            Errors.UNKNOWN_TOPIC_ID,
            Errors.OFFSET_OUT_OF_RANGE,
            Errors.TOPIC_AUTHORIZATION_FAILED,
            Errors.CORRUPT_MESSAGE,
            Errors.INVALID_REQUEST,
            Errors.UNKNOWN_SERVER_ERROR);

    @ParameterizedTest
    @EnumSource
    void theMappingIsTheOneOfTheCatalogue(Fault fault) {
        assertThat(KafkaErrors.of(fault).code(), is(fault.kafkaCode()));
    }

    @ParameterizedTest
    @EnumSource
    void fetchAnswersOnlyCodesThatConsumersKnow(Fault fault) {
        assertThat(KafkaErrors.forFetch(fault), is(in(FETCHABLE)));
    }

    @ParameterizedTest
    @EnumSource(
            names = {
                "NOT_LEADER",
                "LEADER_NOT_AVAILABLE",
                "NOT_ENOUGH_REPLICAS",
                "SHUTTING_DOWN",
                "STORAGE_OFFLINE",
                "DISK_FULL",
                "OVERLOADED",
                "OUTCOME_UNKNOWN"
            })
    void producersRetryWhatMaySucceedLater(Fault fault) {
        assertThat(KafkaErrors.forProduce(fault).exception(), is(instanceOf(RetriableException.class)));
    }

    @Test
    void aStoppingControllerIsAskedAgainElsewhere() {
        assertThat(KafkaErrors.forAdmin(Fault.SHUTTING_DOWN), is(Errors.NOT_CONTROLLER));
    }
}
