package io.jofka.node.rest.data.produce;

import io.jofka.api.fault.Fault;
import io.jofka.node.rest.Problem;
import io.jofka.node.rest.Refusal;
import io.jofka.node.rest.data.exchange.Body;
import io.jofka.node.rest.data.exchange.DataLimits;
import io.jofka.node.rest.data.exchange.Media;
import io.jofka.node.rest.data.json.JsonFault;
import io.jofka.node.rest.data.json.JsonScanner;
import io.jofka.node.rest.data.json.JsonText;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;

/**
 * CloudEvents 1.0 in JSON, one or a batch: each event becomes a record in structured mode (Kafka binding 3.3), its value
 * the event's bytes as they were sent, its key the {@code partitionkey}. Thread-safe.
 */
final class CloudEventRecords implements RecordSource {
    private static final int ID = 1;
    private static final int SOURCE = 2;
    private static final int SPEC_VERSION = 4;
    private static final int TYPE = 8;
    private static final int PARTITION_KEY = 16;
    private static final int TWICE = 32;
    private static final int REQUIRED = ID | SOURCE | SPEC_VERSION | TYPE;
    private static final byte[] CONTENT_TYPE = (Media.CLOUD_EVENT + "; charset=UTF-8").getBytes(StandardCharsets.UTF_8);

    private final DataLimits limits;
    private final boolean batch;

    /** {@code batch}: the body is an array of events. */
    CloudEventRecords(DataLimits limits, boolean batch) {
        this.limits = limits;
        this.batch = batch;
    }

    @Override
    public void read(Body body, Collected records) {
        JsonScanner json = new JsonScanner(body.array(), 0, body.length(), limits.maxJsonDepth());
        Complaints complaints = new Complaints();
        try {
            if (batch) {
                events(json, body.array(), records, complaints);
            } else {
                event(json, body.array(), "", records, complaints);
            }
            json.expectEnd();
        } catch (JsonFault fault) {
            throw new Refusal(Problem.of(
                    Fault.MALFORMED_REQUEST,
                    "The body is not good JSON: " + fault.getMessage() + " (at byte " + fault.position() + ")."));
        }
        if (complaints.isEmpty() && records.size() == 0) {
            complaints.add(Fault.INVALID_RECORD, "", "At least one event is needed.");
        }
        complaints.refuseIfAny();
    }

    private void events(JsonScanner json, byte[] body, Collected records, Complaints complaints) {
        if (json.peek() != '[') {
            json.value();
            complaints.add(Fault.INVALID_RECORD, "", "A batch of events must be an array.");
            return;
        }
        json.expect('[');
        if (json.take(']')) {
            return;
        }
        int index = 0;
        do {
            if (index == limits.maxRecordsPerRequest()) {
                throw new Refusal(
                        Fault.BODY_TOO_LARGE, "A request may have " + limits.maxRecordsPerRequest() + " events.");
            }
            event(json, body, "/" + index, records, complaints);
            index++;
        } while (json.more(']'));
    }

    private static void event(JsonScanner json, byte[] body, String pointer, Collected records, Complaints complaints) {
        if (json.peek() != '{') {
            json.value();
            complaints.add(Fault.INVALID_RECORD, pointer, "An event must be an object.");
            return;
        }
        RecordFields record = new RecordFields();
        record.clear();
        int start = json.position();
        int seen = 0;
        json.expect('{');
        if (!json.take('}')) {
            do {
                json.name();
                int attribute = attribute(json, record, pointer, complaints);
                seen |= attribute | ((seen & attribute) != 0 ? TWICE : 0);
            } while (json.more('}'));
        }
        if ((seen & TWICE) != 0) {
            complaints.add(Fault.INVALID_RECORD, pointer, "An attribute of the event is given twice.");
            return;
        }
        if ((seen & REQUIRED) != REQUIRED) {
            complaints.add(
                    Fault.INVALID_RECORD,
                    pointer,
                    "An event needs id, source and type, strings that are not empty, and specversion 1.0.");
            return;
        }
        record.value = ByteBuffer.wrap(body, start, json.position() - start);
        record.header("content-type", ByteBuffer.wrap(CONTENT_TYPE));
        records.add(record, Place.DOCUMENT, complaints);
    }

    private static int attribute(JsonScanner json, RecordFields record, String pointer, Complaints complaints) {
        int attribute = json.tokenIs("id")
                ? ID
                : json.tokenIs("source")
                        ? SOURCE
                        : json.tokenIs("type") ? TYPE : json.tokenIs("specversion") ? SPEC_VERSION : 0;
        boolean key = json.tokenIs("partitionkey");
        if (json.peek() != '"') {
            json.value();
            if (key) {
                complaints.add(Fault.INVALID_RECORD, pointer + "/partitionkey", "A partition key is a string.");
            }
            return 0;
        }
        json.string();
        if (key) {
            record.key = json.text();
            return PARTITION_KEY;
        }
        boolean good = attribute == SPEC_VERSION ? JsonText.string(json.text()).equals("1.0") : json.tokenLength() > 0;
        return good ? attribute : 0;
    }
}
