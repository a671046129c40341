package io.jofka.api.fault;

import java.util.Locale;

/**
 * The one catalogue of what can go wrong for a caller. Edges translate by it: REST to a problem (RFC 9457), Kafka to an
 * error code, gRPC to a status; docs/problems.md and the pages at {@code /problems} are made from it and {@link Advice}. {@code kafkaCode} is Kafka's error code, -1 (unknown server error) where Kafka has none.
 */
public enum Fault {
    MALFORMED_REQUEST(400, 42, false, "The request cannot be read"),
    INVALID_PARAMETER(400, 42, false, "A parameter has a wrong value"),
    UNAUTHENTICATED(401, 58, false, "The caller is not known"),
    FORBIDDEN(403, 29, false, "The caller may not do this"),
    NOT_FOUND(404, 42, false, "Nothing is at this address"),
    UNKNOWN_TOPIC_OR_PARTITION(404, 3, false, "Topic or partition does not exist"),
    UNKNOWN_TOPIC_ID(404, 100, false, "Topic id does not exist"),
    UNKNOWN_NODE(404, -1, false, "Node does not exist"),
    UNKNOWN_PRODUCER_ID(404, 59, false, "Producer id is not known"),
    UNKNOWN_PROBLEM(404, 42, false, "Problem is not in the catalogue"),
    METHOD_NOT_ALLOWED(405, 42, false, "The address does not support this method"),
    NOT_ACCEPTABLE(406, 42, false, "No supported media type is accepted"),
    TOPIC_ALREADY_EXISTS(409, 36, false, "Topic already exists"),
    SEQUENCE_GAP(409, 45, false, "Producer sequence has a gap"),
    DUPLICATE_SEQUENCE(409, 46, false, "Producer sequence is older than what is remembered"),
    FENCED_PRODUCER(409, 47, false, "A newer producer epoch exists"),
    FENCED_LEADER_EPOCH(409, 74, true, "The caller knows an older leader epoch"),
    UNKNOWN_LEADER_EPOCH(409, 75, true, "The caller knows a newer leader epoch"),
    REQUEST_RUNNING(409, -1, true, "A request with this idempotency key is still running"),
    ELECTION_NOT_NEEDED(409, 84, false, "The partition has that leader already"),
    PREFERRED_LEADER_NOT_AVAILABLE(409, 80, true, "The preferred leader cannot lead now"),
    NO_REASSIGNMENT_IN_PROGRESS(409, 85, false, "The replicas of the partition are not moving"),
    INVALID_TXN_STATE(409, 48, false, "The producer's transaction does not allow this"),
    OFFSET_OUT_OF_RANGE(410, 1, false, "Offset is not in the log"),
    PRECONDITION_FAILED(412, -1, false, "The resource has changed"),
    BODY_TOO_LARGE(413, 10, false, "The body is larger than the limit"),
    RECORD_TOO_LARGE(413, 10, false, "A record is larger than the topic allows"),
    RECORD_LIST_TOO_LARGE(413, 18, false, "The batch is larger than a segment"),
    ADDRESS_TOO_LONG(414, 42, false, "The address is longer than the limit"),
    UNSUPPORTED_MEDIA_TYPE(415, 42, false, "The media type of the body is not supported"),
    INVALID_BODY(422, 42, false, "The body does not fit the contract"),
    INVALID_TOPIC(422, 17, false, "Topic name is not valid"),
    INVALID_PARTITIONS(422, 37, false, "Number of partitions is not valid"),
    INVALID_REPLICATION_FACTOR(422, 38, false, "Replication factor is not valid"),
    INVALID_REPLICA_ASSIGNMENT(422, 39, false, "Replica assignment is not valid"),
    INVALID_CONFIG(422, 40, false, "Configuration is not valid"),
    INVALID_RECORD(422, 87, false, "Record is not valid"),
    INVALID_PARTITION(422, 3, false, "Partition does not exist in this topic"),
    INVALID_TIMESTAMP(422, 32, false, "Timestamp is not valid"),
    CORRUPT_BATCH(422, 2, false, "Record batch is damaged"),
    UNSUPPORTED_COMPRESSION(422, 76, false, "Compression type is not supported"),
    UNSUPPORTED_FORMAT(422, 43, false, "Record format is not supported"),
    KEY_REUSED(422, -1, false, "The idempotency key was used for another body"),
    POLICY_VIOLATION(422, 44, false, "A limit of the cluster does not allow this"),
    TOO_MANY_REQUESTS(429, 89, true, "Too many requests"),
    HEADERS_TOO_LARGE(431, 42, false, "The header section is larger than the limit"),
    INTERNAL(500, -1, false, "The node has a fault"),
    NOT_IMPLEMENTED(501, 35, false, "This operation is planned and not served yet"),
    FEATURE_OFF(501, 35, false, "The feature is switched off"),
    NOT_LEADER(503, 6, true, "This node is not the leader of the partition"),
    LEADER_NOT_AVAILABLE(503, 5, true, "The partition has no leader"),
    ELIGIBLE_LEADERS_NOT_AVAILABLE(503, 83, true, "No replica that may lead is running"),
    NOT_ENOUGH_REPLICAS(503, 19, true, "Fewer replicas are in sync than the topic asks for"),
    COORDINATOR_NOT_AVAILABLE(503, 15, true, "The coordinator is not available"),
    NOT_CONTROLLER(503, 41, true, "No controller leads at the moment"),
    METADATA_BEHIND(503, -1, true, "This node has not seen the asked metadata index yet"),
    OVERLOADED(503, 89, true, "The node is at one of its limits"),
    STARTING(503, 5, true, "The node is starting"),
    SHUTTING_DOWN(503, 6, true, "The node is shutting down"),
    STORAGE_OFFLINE(503, 56, true, "The log directory is offline"),
    OUTCOME_UNKNOWN(504, 7, true, "The outcome is not known yet"),
    HTTP_VERSION_NOT_SUPPORTED(505, 35, false, "The HTTP version is not supported"),
    DISK_FULL(507, 56, true, "The disk has no space left");

    private final int status;
    private final short kafkaCode;
    private final boolean retriable;
    private final String title;

    Fault(int status, int kafkaCode, boolean retriable, String title) {
        this.status = status;
        this.kafkaCode = (short) kafkaCode;
        this.retriable = retriable;
        this.title = title;
    }

    /** The last part of the problem's type, for example {@code unknown-topic-or-partition}. */
    public String slug() {
        return name().toLowerCase(Locale.ROOT).replace('_', '-');
    }

    /** HTTP status. */
    public int status() {
        return status;
    }

    /** Kafka's error code; one that clients retry if {@link #retriable} (a test holds that). */
    public short kafkaCode() {
        return kafkaCode;
    }

    /** The status of a gRPC answer. */
    public GrpcCode grpcCode() {
        return GrpcCode.of(this);
    }

    /** Whether the same request may succeed later without being changed. */
    public boolean retriable() {
        return retriable;
    }

    public String title() {
        return title;
    }
}
