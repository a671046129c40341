package io.jofka.node.rest.data.produce;

import io.helidon.http.Header;
import io.helidon.http.HeaderName;
import io.helidon.http.HeaderNames;
import io.helidon.http.ServerRequestHeaders;
import io.jofka.api.fault.Fault;
import io.jofka.node.rest.Refusal;
import java.net.URLDecoder;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.List;

/**
 * Binary mode of CloudEvents 1.0: the attributes travel as {@code ce-*} HTTP headers (percent-encoded, HTTP binding
 * 3.1.3.2) and become {@code ce_*} record headers (Kafka binding 3.2.3); {@code partitionkey} is the record's key.
 */
final class CloudEventHeaders {
    private static final HeaderName SPEC_VERSION = HeaderNames.create("ce-specversion");
    private static final String PREFIX = "ce-";
    private static final List<String> REQUIRED = List.of("ce-id", "ce-source", "ce-type");

    private CloudEventHeaders() {}

    static boolean isBinaryMode(ServerRequestHeaders headers) {
        return headers.contains(SPEC_VERSION);
    }

    /** Refuses with 422 when an attribute is missing or the version is unknown. */
    static void copy(ServerRequestHeaders headers, RecordFields record) {
        String version = headers.get(SPEC_VERSION).get();
        if (!version.equals("1.0")) {
            throw new Refusal(Fault.INVALID_RECORD, "ce-specversion must be 1.0.");
        }
        for (String name : REQUIRED) {
            if (!headers.contains(HeaderNames.create(name))) {
                throw new Refusal(Fault.INVALID_RECORD, "A CloudEvent needs the header " + name + ".");
            }
        }
        for (Header header : headers) {
            String name = header.headerName().lowerCase();
            if (name.startsWith(PREFIX)) {
                ByteBuffer value = ByteBuffer.wrap(decoded(name, header.get()).getBytes(StandardCharsets.UTF_8));
                record.header("ce_" + name.substring(PREFIX.length()), value);
                if (name.equals("ce-partitionkey") && record.key == null) {
                    record.key = value.duplicate();
                }
            }
        }
    }

    private static String decoded(String name, String value) {
        if (value.indexOf('%') < 0) {
            return value;
        }
        try {
            return URLDecoder.decode(value.replace("+", "%2B"), StandardCharsets.UTF_8);
        } catch (IllegalArgumentException badEncoding) {
            throw new Refusal(Fault.INVALID_RECORD, "Header " + name + " is not percent-encoded UTF-8.");
        }
    }
}
