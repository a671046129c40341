package io.jofka.api.fault;

import static org.hamcrest.MatcherAssert.assertThat;
import static org.hamcrest.Matchers.anyOf;
import static org.hamcrest.Matchers.greaterThanOrEqualTo;
import static org.hamcrest.Matchers.instanceOf;
import static org.hamcrest.Matchers.is;
import static org.hamcrest.Matchers.lessThan;
import static org.hamcrest.Matchers.not;

import java.util.EnumMap;
import java.util.Map;
import java.util.Set;
import org.apache.kafka.common.errors.RetriableException;
import org.apache.kafka.common.protocol.Errors;
import org.junit.jupiter.api.Test;

/** Holds the catalogue against Kafka's error codes, HTTP and gRPC. */
class FaultCodesTest {
    /** Faults whose Kafka error has another name; every other fault has Kafka's name, or is in no Kafka answer. */
    private static final Map<Fault, Errors> OTHER_NAMES = new EnumMap<>(Map.ofEntries(
            Map.entry(Fault.UNAUTHENTICATED, Errors.SASL_AUTHENTICATION_FAILED),
            Map.entry(Fault.FORBIDDEN, Errors.TOPIC_AUTHORIZATION_FAILED),
            Map.entry(Fault.SEQUENCE_GAP, Errors.OUT_OF_ORDER_SEQUENCE_NUMBER),
            Map.entry(Fault.DUPLICATE_SEQUENCE, Errors.DUPLICATE_SEQUENCE_NUMBER),
            Map.entry(Fault.FENCED_PRODUCER, Errors.INVALID_PRODUCER_EPOCH),
            Map.entry(Fault.BODY_TOO_LARGE, Errors.MESSAGE_TOO_LARGE),
            Map.entry(Fault.RECORD_TOO_LARGE, Errors.MESSAGE_TOO_LARGE),
            Map.entry(Fault.RECORD_LIST_TOO_LARGE, Errors.RECORD_LIST_TOO_LARGE),
            Map.entry(Fault.INVALID_TOPIC, Errors.INVALID_TOPIC_EXCEPTION),
            Map.entry(Fault.INVALID_PARTITION, Errors.UNKNOWN_TOPIC_OR_PARTITION),
            Map.entry(Fault.CORRUPT_BATCH, Errors.CORRUPT_MESSAGE),
            Map.entry(Fault.UNSUPPORTED_COMPRESSION, Errors.UNSUPPORTED_COMPRESSION_TYPE),
            Map.entry(Fault.UNSUPPORTED_FORMAT, Errors.UNSUPPORTED_FOR_MESSAGE_FORMAT),
            Map.entry(Fault.TOO_MANY_REQUESTS, Errors.THROTTLING_QUOTA_EXCEEDED),
            Map.entry(Fault.OVERLOADED, Errors.THROTTLING_QUOTA_EXCEEDED),
            Map.entry(Fault.NOT_IMPLEMENTED, Errors.UNSUPPORTED_VERSION),
            Map.entry(Fault.FEATURE_OFF, Errors.UNSUPPORTED_VERSION),
            Map.entry(Fault.HTTP_VERSION_NOT_SUPPORTED, Errors.UNSUPPORTED_VERSION),
            Map.entry(Fault.NOT_LEADER, Errors.NOT_LEADER_OR_FOLLOWER),
            Map.entry(Fault.STARTING, Errors.LEADER_NOT_AVAILABLE),
            Map.entry(Fault.SHUTTING_DOWN, Errors.NOT_LEADER_OR_FOLLOWER),
            Map.entry(Fault.STORAGE_OFFLINE, Errors.KAFKA_STORAGE_ERROR),
            Map.entry(Fault.DISK_FULL, Errors.KAFKA_STORAGE_ERROR),
            Map.entry(Fault.OUTCOME_UNKNOWN, Errors.REQUEST_TIMED_OUT)));

    @Test
    void kafkaCodesMeanInKafkaWhatTheyMeanHere() {
        for (Fault fault : Fault.values()) {
            Errors error = Errors.forCode(fault.kafkaCode());
            assertThat(fault + " has a code of Kafka's", error.code(), is(fault.kafkaCode()));
            Errors expected = OTHER_NAMES.get(fault);
            if (expected != null) {
                assertThat(fault.name(), error, is(expected));
            } else {
                boolean noneOfKafkas = Set.of(Errors.UNKNOWN_SERVER_ERROR, Errors.INVALID_REQUEST)
                        .contains(error);
                assertThat(fault + " is " + error, noneOfKafkas || error.name().equals(fault.name()), is(true));
            }
        }
    }

    @Test
    void whatIsRetriableHereIsRetriedByKafkaClients() {
        for (Fault fault : Fault.values()) {
            Errors error = Errors.forCode(fault.kafkaCode());
            if (fault.retriable() && error != Errors.UNKNOWN_SERVER_ERROR) {
                assertThat(fault.name(), error.exception(), instanceOf(RetriableException.class));
            }
        }
    }

    @Test
    void statusesAreErrorsAndRetriableOnesSaySo() {
        for (Fault fault : Fault.values()) {
            assertThat(fault.name(), fault.status(), greaterThanOrEqualTo(400));
            assertThat(fault.name(), fault.status(), lessThan(512));
            if (fault.retriable()) {
                assertThat(fault.name(), fault.status(), anyOf(is(409), is(429), is(503), is(504), is(507)));
            } else {
                assertThat(fault.name(), fault.status(), not(is(503)));
            }
        }
    }

    @Test
    void grpcCodesFollowTheStatus() {
        assertThat(Fault.MALFORMED_REQUEST.grpcCode(), is(GrpcCode.INVALID_ARGUMENT));
        assertThat(Fault.INVALID_RECORD.grpcCode(), is(GrpcCode.INVALID_ARGUMENT));
        assertThat(Fault.TOPIC_ALREADY_EXISTS.grpcCode(), is(GrpcCode.ALREADY_EXISTS));
        assertThat(Fault.FENCED_LEADER_EPOCH.grpcCode(), is(GrpcCode.ABORTED));
        assertThat(Fault.OUTCOME_UNKNOWN.grpcCode(), is(GrpcCode.DEADLINE_EXCEEDED));
        for (Fault fault : Fault.values()) {
            boolean unavailable = fault.grpcCode() == GrpcCode.UNAVAILABLE;
            assertThat(fault.name(), unavailable, is(fault.status() == 503));
        }
    }

    @Test
    void aProblemOfTheWireLeadsBackToItsFault() {
        Problem problem = Problem.of(Fault.NOT_LEADER, "Node 2 leads.", "/api/v1/topics/a/records", "r1", 1);
        assertThat(problem.type(), is("/problems/not-leader"));
        assertThat(problem.fault().orElseThrow(), is(Fault.NOT_LEADER));
        assertThat(problem.status(), is(503));
    }
}
