package io.jofka.node.rest.data.read;

import io.jofka.api.batch.LogRecord;
import io.jofka.api.batch.RecordHeader;
import io.jofka.api.fault.Fault;
import io.jofka.node.rest.Parameters;
import io.jofka.node.rest.Refusal;
import io.jofka.node.rest.data.json.JsonPath;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** The filters that the server applies for a reader; all that are given must hold. */
final class Filters {
    static final Set<String> PARAMETERS = Set.of("keyEquals", "headerEquals", "valueContains", "jsonPointer", "equals");

    private Filters() {}

    /** {@link RecordFilter#ALL} when no filter is asked for. */
    static RecordFilter of(Parameters params, int maxDepth) {
        RecordFilter filter = RecordFilter.ALL;
        if (params.has("keyEquals")) {
            filter = filter.and(keyEquals(params.text("keyEquals").orElseThrow()));
        }
        if (params.has("headerEquals")) {
            filter = filter.and(headerEquals(params.text("headerEquals").orElseThrow()));
        }
        if (params.has("valueContains")) {
            filter = filter.and(valueContains(params.text("valueContains").orElseThrow()));
        }
        if (params.has("jsonPointer") != params.has("equals")) {
            throw Refusal.at(
                    Fault.INVALID_PARAMETER,
                    params.has("equals") ? "?jsonPointer" : "?equals",
                    "jsonPointer and equals belong together.");
        }
        if (params.has("jsonPointer")) {
            filter = filter.and(jsonEquals(
                    params.text("jsonPointer").orElseThrow(),
                    params.text("equals").orElseThrow(),
                    maxDepth));
        }
        return filter;
    }

    private static RecordFilter keyEquals(String text) {
        byte[] wanted = text.getBytes(StandardCharsets.UTF_8);
        return record -> same(record.key(), wanted);
    }

    private static RecordFilter headerEquals(String nameAndValue) {
        int colon = nameAndValue.indexOf(':');
        if (colon < 0) {
            throw Refusal.at(
                    Fault.INVALID_PARAMETER, "?headerEquals", "The form is name:value, for example source:web.");
        }
        String name = nameAndValue.substring(0, colon);
        byte[] wanted = nameAndValue.substring(colon + 1).getBytes(StandardCharsets.UTF_8);
        return record -> hasHeader(record, name, wanted);
    }

    private static boolean hasHeader(LogRecord record, String name, byte[] wanted) {
        for (RecordHeader header : record.headers()) {
            if (header.name().equals(name) && same(header.value(), wanted)) {
                return true;
            }
        }
        return false;
    }

    private static RecordFilter valueContains(String text) {
        byte[] wanted = text.getBytes(StandardCharsets.UTF_8);
        return record -> contains(record.value(), wanted);
    }

    private static RecordFilter jsonEquals(String pointer, String expected, int maxDepth) {
        JsonPath path = JsonPath.parse(pointer, maxDepth)
                .orElseThrow(() -> Refusal.at(
                        Fault.INVALID_PARAMETER, "?jsonPointer", "Not a JSON pointer (RFC 6901), for example /a/0/b."));
        byte[] wanted = expected.getBytes(StandardCharsets.UTF_8);
        return record -> {
            ByteBuffer value = record.value();
            return value != null && path.matches(value, wanted);
        };
    }

    private static boolean same(@Nullable ByteBuffer data, byte[] wanted) {
        return data != null && data.remaining() == wanted.length && data.equals(ByteBuffer.wrap(wanted));
    }

    private static boolean contains(@Nullable ByteBuffer data, byte[] wanted) {
        if (data == null) {
            return false;
        }
        if (wanted.length == 0) {
            return true;
        }
        int last = data.limit() - wanted.length;
        for (int at = data.position(); at <= last; at++) {
            if (data.get(at) == wanted[0] && startsWith(data, at, wanted)) {
                return true;
            }
        }
        return false;
    }

    private static boolean startsWith(ByteBuffer data, int at, byte[] wanted) {
        for (int i = 1; i < wanted.length; i++) {
            if (data.get(at + i) != wanted[i]) {
                return false;
            }
        }
        return true;
    }
}
