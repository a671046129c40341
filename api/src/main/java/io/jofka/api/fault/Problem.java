package io.jofka.api.fault;

import java.util.List;
import java.util.Optional;
import java.util.OptionalLong;

/**
 * A problem as it stands on the wire (RFC 9457), for those who read answers. Immutable. Members beyond these may be
 * there in an answer and are to be ignored.
 *
 * @param type {@code /problems/} and the slug of the fault
 * @param detail one sentence for this occurrence
 * @param instance path of the request
 * @param code name of the {@link Fault}; a client may meet codes that are newer than itself
 * @param kafkaErrorCode Kafka's error code, -1 where it has none
 * @param retriable whether the same request may succeed later
 * @param node id of the node that answered
 * @param errors the places at fault inside the request, in their order
 * @param logStartOffset with {@code OFFSET_OUT_OF_RANGE}: the first offset that can be read
 * @param supported with 406 and 415: the media types that are
 * @param leader with {@code NOT_LEADER}: where to go instead
 */
public record Problem(
        String type,
        String title,
        int status,
        String detail,
        String instance,
        String code,
        int kafkaErrorCode,
        boolean retriable,
        String requestId,
        int node,
        List<Pointer> errors,
        OptionalLong logStartOffset,
        List<String> supported,
        Optional<Leader> leader) {
    public Problem {
        errors = List.copyOf(errors);
        supported = List.copyOf(supported);
    }

    /** One fault inside the request: a JSON pointer (RFC 6901) into the body, or {@code ?name} of a query parameter. */
    public record Pointer(String pointer, String code, String detail) {}

    /** The node that leads the partition, in the leader epoch in which it does. */
    public record Leader(int node, int leaderEpoch) {}

    /** The problem of a fault, without the members that only some faults have. */
    public static Problem of(Fault fault, String detail, String instance, String requestId, int node) {
        return new Problem(
                "/problems/" + fault.slug(),
                fault.title(),
                fault.status(),
                detail,
                instance,
                fault.name(),
                fault.kafkaCode(),
                fault.retriable(),
                requestId,
                node,
                List.of(),
                OptionalLong.empty(),
                List.of(),
                Optional.empty());
    }

    /** The fault, if this version knows it. */
    public Optional<Fault> fault() {
        for (Fault fault : Fault.values()) {
            if (fault.name().equals(code)) {
                return Optional.of(fault);
            }
        }
        return Optional.empty();
    }
}
