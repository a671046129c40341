package io.jofka.node.rest.data.produce;

import io.helidon.http.Header;
import io.helidon.http.HeaderNames;
import io.helidon.http.ServerRequestHeaders;
import io.jofka.api.fault.Fault;
import io.jofka.node.common.Clock;
import io.jofka.node.rest.Parameters;
import io.jofka.node.rest.Refusal;
import io.jofka.node.rest.data.exchange.Body;
import io.jofka.node.rest.data.exchange.DataLimits;
import io.jofka.node.rest.data.exchange.Gate;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.Set;

/**
 * {@code POST .../records/raw}: the body, of any type, is the value of one record. {@code Content-Type} is kept as the
 * record header {@code content-type}, {@code Jofka-Header-Name: value} becomes a header {@code name}; {@code ce-*}
 * headers make it a CloudEvent in binary mode. Thread-safe.
 */
final class RawProduce {
    static final Set<String> PARAMETERS = Set.of("acks", "timeoutMs", "key", "partition", "timestampMs");

    private static final String PREFIX = "jofka-header-";

    private final DataLimits limits;
    private final Gate bodies;
    private final Clock clock;
    private final StickyPartitions sticky;
    private final Appends appends;
    private final ProduceAnswer answer;

    RawProduce(
            DataLimits limits,
            Gate bodies,
            Clock clock,
            StickyPartitions sticky,
            Appends appends,
            ProduceAnswer answer) {
        this.limits = limits;
        this.bodies = bodies;
        this.clock = clock;
        this.sticky = sticky;
        this.appends = appends;
        this.answer = answer;
    }

    /** The partition that the caller names, or -1. */
    static int partition(Parameters params) {
        return params.whole("partition", 0, Integer.MAX_VALUE, -1);
    }

    void serve(ProduceCall call, Parameters params) {
        TopicTarget target = call.target();
        Placement placement = Placement.byKey(target.partitions(), sticky.of(target.topic()));
        Collected records = new Collected(target, call.partition(), placement, call.producer(), clock.wallMs());
        RecordFields record = new RecordFields();
        record.clear();
        params.text("key").ifPresent(key -> record.key = ByteBuffer.wrap(key.getBytes(StandardCharsets.UTF_8)));
        record.timestampMs = params.whole("timestampMs", 0, RecordReader.MAX_TIMESTAMP_MS, -1L);
        headers(call.request().headers(), record);
        Complaints complaints = new Complaints();
        try (Body body = Body.read(call.request(), limits.maxBodyBytes(), bodies)) {
            record.value = ByteBuffer.wrap(body.array(), 0, body.length());
            records.add(record, Place.DOCUMENT, complaints);
        }
        complaints.refuseIfAny();
        answer.send(call, records, appends.append(target, records, call.options()));
    }

    private void headers(ServerRequestHeaders headers, RecordFields record) {
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
