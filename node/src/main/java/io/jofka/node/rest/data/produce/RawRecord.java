package io.jofka.node.rest.data.produce;

import io.helidon.http.Header;
import io.helidon.http.HeaderNames;
import io.helidon.http.ServerRequestHeaders;
import io.jofka.api.fault.Fault;
import io.jofka.node.rest.Parameters;
import io.jofka.node.rest.Refusal;
import io.jofka.node.rest.data.exchange.Body;
import io.jofka.node.rest.data.exchange.DataLimits;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.Set;

/**
 * {@code POST .../records/raw}: the body, of any type, is the value of one record. {@code Content-Type} is kept as the
 * record header {@code content-type}, {@code Jofka-Header-Name: value} becomes a header {@code name}; {@code ce-*}
 * headers make it a CloudEvent in binary mode. One request.
 */
final class RawRecord implements RecordSource {
    static final Set<String> PARAMETERS = Set.of("acks", "timeoutMs", "key", "partition", "timestampMs");

    private static final String PREFIX = "jofka-header-";

    private final DataLimits limits;
    private final ServerRequestHeaders headers;
    private final Parameters params;

    RawRecord(DataLimits limits, ServerRequestHeaders headers, Parameters params) {
        this.limits = limits;
        this.headers = headers;
        this.params = params;
    }

    /** The partition that the caller names, or -1. */
    static int partition(Parameters params) {
        return params.whole("partition", 0, Integer.MAX_VALUE, -1);
    }

    @Override
    public void read(Body body, Collected records) {
        RecordFields record = new RecordFields();
        record.clear();
        params.text("key").ifPresent(key -> record.key = ByteBuffer.wrap(key.getBytes(StandardCharsets.UTF_8)));
        record.timestampMs = params.whole("timestampMs", 0, RecordReader.MAX_TIMESTAMP_MS, -1L);
        headers(record);
        record.value = ByteBuffer.wrap(body.array(), 0, body.length());
        Complaints complaints = new Complaints();
        records.add(record, Place.DOCUMENT, complaints);
        complaints.refuseIfAny();
    }

    private void headers(RecordFields record) {
        boolean cloudEvent = CloudEventHeaders.isBinaryMode(headers);
        if (cloudEvent) {
            CloudEventHeaders.copy(headers, record);
        }
        if (headers.contains(HeaderNames.CONTENT_TYPE)) {
            record.header(
                    "content-type", bytes(headers.get(HeaderNames.CONTENT_TYPE).get()));
        }
        for (Header header : headers) {
            String name = header.headerName().lowerCase();
            if (name.startsWith(PREFIX) && name.length() > PREFIX.length()) {
                for (String value : header.allValues()) {
                    record.header(name.substring(PREFIX.length()), bytes(value));
                }
            }
        }
        if (record.headers().size() > limits.maxHeadersPerRecord()
                || record.headerBytes() > limits.maxHeaderBytesPerRecord()) {
            throw new Refusal(
                    Fault.INVALID_RECORD,
                    "A record may have " + limits.maxHeadersPerRecord() + " headers of together "
                            + limits.maxHeaderBytesPerRecord() + " bytes.");
        }
    }

    private static ByteBuffer bytes(String value) {
        return ByteBuffer.wrap(value.getBytes(StandardCharsets.UTF_8));
    }
}
