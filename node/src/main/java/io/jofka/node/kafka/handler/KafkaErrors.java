package io.jofka.node.kafka.handler;

import io.jofka.api.fault.Fault;
import org.apache.kafka.common.protocol.Errors;

/** The one translation of faults to Kafka's error codes. */
final class KafkaErrors {
    private KafkaErrors() {}

    static Errors of(Fault fault) {
        return switch (fault) {
            case MALFORMED_REQUEST,
                    INVALID_PARAMETER,
                    NOT_FOUND,
                    UNKNOWN_PROBLEM,
                    METHOD_NOT_ALLOWED,
                    NOT_ACCEPTABLE,
                    UNSUPPORTED_MEDIA_TYPE,
                    HEADERS_TOO_LARGE,
                    ADDRESS_TOO_LONG,
                    INVALID_BODY -> Errors.INVALID_REQUEST;
            case UNAUTHENTICATED -> Errors.SASL_AUTHENTICATION_FAILED;
            case FORBIDDEN -> Errors.TOPIC_AUTHORIZATION_FAILED;
            case UNKNOWN_TOPIC_OR_PARTITION, INVALID_PARTITION -> Errors.UNKNOWN_TOPIC_OR_PARTITION;
            case UNKNOWN_TOPIC_ID -> Errors.UNKNOWN_TOPIC_ID;
            case UNKNOWN_PRODUCER_ID -> Errors.UNKNOWN_PRODUCER_ID;
            case TOPIC_ALREADY_EXISTS -> Errors.TOPIC_ALREADY_EXISTS;
            case SEQUENCE_GAP -> Errors.OUT_OF_ORDER_SEQUENCE_NUMBER;
            case DUPLICATE_SEQUENCE -> Errors.DUPLICATE_SEQUENCE_NUMBER;
            case FENCED_PRODUCER -> Errors.INVALID_PRODUCER_EPOCH;
            case FENCED_LEADER_EPOCH -> Errors.FENCED_LEADER_EPOCH;
            case UNKNOWN_LEADER_EPOCH -> Errors.UNKNOWN_LEADER_EPOCH;
            case INVALID_TXN_STATE -> Errors.INVALID_TXN_STATE;
            case OFFSET_OUT_OF_RANGE -> Errors.OFFSET_OUT_OF_RANGE;
            case BODY_TOO_LARGE, RECORD_TOO_LARGE -> Errors.MESSAGE_TOO_LARGE;
            case RECORD_LIST_TOO_LARGE -> Errors.RECORD_LIST_TOO_LARGE;
            case INVALID_TOPIC -> Errors.INVALID_TOPIC_EXCEPTION;
            case INVALID_PARTITIONS -> Errors.INVALID_PARTITIONS;
            case INVALID_REPLICATION_FACTOR -> Errors.INVALID_REPLICATION_FACTOR;
            case INVALID_REPLICA_ASSIGNMENT -> Errors.INVALID_REPLICA_ASSIGNMENT;
            case INVALID_CONFIG -> Errors.INVALID_CONFIG;
            case INVALID_RECORD -> Errors.INVALID_RECORD;
            case INVALID_TIMESTAMP -> Errors.INVALID_TIMESTAMP;
            case CORRUPT_BATCH -> Errors.CORRUPT_MESSAGE;
            case UNSUPPORTED_COMPRESSION -> Errors.UNSUPPORTED_COMPRESSION_TYPE;
            case UNSUPPORTED_FORMAT -> Errors.UNSUPPORTED_FOR_MESSAGE_FORMAT;
            case POLICY_VIOLATION -> Errors.POLICY_VIOLATION;
            case TOO_MANY_REQUESTS, OVERLOADED -> Errors.THROTTLING_QUOTA_EXCEEDED;
            case NOT_IMPLEMENTED, FEATURE_OFF, HTTP_VERSION_NOT_SUPPORTED -> Errors.UNSUPPORTED_VERSION;
            case NOT_LEADER, SHUTTING_DOWN -> Errors.NOT_LEADER_OR_FOLLOWER;
            case LEADER_NOT_AVAILABLE, STARTING -> Errors.LEADER_NOT_AVAILABLE;
            case NOT_ENOUGH_REPLICAS -> Errors.NOT_ENOUGH_REPLICAS;
            case ELECTION_NOT_NEEDED -> Errors.ELECTION_NOT_NEEDED;
            case PREFERRED_LEADER_NOT_AVAILABLE -> Errors.PREFERRED_LEADER_NOT_AVAILABLE;
            case ELIGIBLE_LEADERS_NOT_AVAILABLE -> Errors.ELIGIBLE_LEADERS_NOT_AVAILABLE;
            case NO_REASSIGNMENT_IN_PROGRESS -> Errors.NO_REASSIGNMENT_IN_PROGRESS;
            case COORDINATOR_NOT_AVAILABLE -> Errors.COORDINATOR_NOT_AVAILABLE;
            case NOT_CONTROLLER -> Errors.NOT_CONTROLLER;
            case STORAGE_OFFLINE, DISK_FULL -> Errors.KAFKA_STORAGE_ERROR;
            case OUTCOME_UNKNOWN -> Errors.REQUEST_TIMED_OUT;
            case UNKNOWN_NODE, REQUEST_RUNNING, PRECONDITION_FAILED, KEY_REUSED, INTERNAL, METADATA_BEHIND ->
                Errors.UNKNOWN_SERVER_ERROR;
        };
    }

    /** For produce: producers retry, with fresh metadata, what this node may serve elsewhere or later. */
    static Errors forProduce(Fault fault) {
        return switch (of(fault)) {
            case LEADER_NOT_AVAILABLE -> Errors.NOT_LEADER_OR_FOLLOWER;
            case Errors other -> other;
        };
    }

    /** For fetch and look-ups of offsets: consumers know only these codes and die of any other. */
    static Errors forFetch(Fault fault) {
        return switch (of(fault)) {
            case NOT_LEADER_OR_FOLLOWER, LEADER_NOT_AVAILABLE -> Errors.NOT_LEADER_OR_FOLLOWER;
            case THROTTLING_QUOTA_EXCEEDED, REQUEST_TIMED_OUT -> Errors.REPLICA_NOT_AVAILABLE;
            case FENCED_LEADER_EPOCH,
                    UNKNOWN_LEADER_EPOCH,
                    KAFKA_STORAGE_ERROR,
                    UNKNOWN_TOPIC_OR_PARTITION,
                    UNKNOWN_TOPIC_ID,
                    OFFSET_OUT_OF_RANGE,
                    TOPIC_AUTHORIZATION_FAILED,
                    CORRUPT_MESSAGE,
                    INVALID_REQUEST -> of(fault);
            case Errors other -> Errors.UNKNOWN_SERVER_ERROR;
        };
    }

    /** For requests to the controller: admin clients look for another one on this code. */
    static Errors forAdmin(Fault fault) {
        return fault == Fault.SHUTTING_DOWN ? Errors.NOT_CONTROLLER : of(fault);
    }
}
