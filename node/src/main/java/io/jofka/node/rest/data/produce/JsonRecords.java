package io.jofka.node.rest.data.produce;

import io.jofka.api.fault.Fault;
import io.jofka.node.rest.Problem;
import io.jofka.node.rest.Refusal;
import io.jofka.node.rest.data.exchange.Body;
import io.jofka.node.rest.data.exchange.DataLimits;
import io.jofka.node.rest.data.json.JsonFault;
import io.jofka.node.rest.data.json.JsonScanner;

/**
 * The JSON form of a produce: {@code {"records":[...]}}, in one pass over the bytes into batches. The request is
 * refused when anything is wrong with it. Thread-safe.
 */
final class JsonRecords implements RecordSource {
    private final DataLimits limits;
    private final RecordReader reader;

    JsonRecords(DataLimits limits) {
        this.limits = limits;
        this.reader = new RecordReader(limits);
    }

    @Override
    public void read(Body body, Collected records) {
        read(body.array(), body.length(), records);
    }

    void read(byte[] body, int length, Collected records) {
        JsonScanner json = new JsonScanner(body, 0, length, limits.maxJsonDepth());
        Complaints complaints = new Complaints();
        int[] place = {-1};
        try {
            envelope(json, body, records, complaints, place);
        } catch (JsonFault fault) {
            String pointer = place[0] < 0 ? "" : "/records/" + place[0];
            throw new Refusal(Problem.of(
                            Fault.MALFORMED_REQUEST,
                            "The body is not good JSON: " + fault.getMessage() + " (at byte " + fault.position() + ").")
                    .at(pointer));
        }
        complaints.refuseIfAny();
    }

    private void envelope(JsonScanner json, byte[] body, Collected records, Complaints complaints, int[] place) {
        if (json.peek() != '{') {
            json.value();
            json.expectEnd();
            complaints.add(Fault.INVALID_RECORD, "", "The body must be an object with a member \"records\".");
            return;
        }
        json.expect('{');
        boolean seen = false;
        if (!json.take('}')) {
            do {
                json.name();
                if (json.tokenIs("records")) {
                    if (seen) {
                        complaints.add(Fault.INVALID_RECORD, "/records", "The member is given twice.");
                    }
                    seen = true;
                    records(json, body, records, complaints, place);
                } else {
                    complaints.add(Fault.INVALID_RECORD, "", "The body has a member other than \"records\".");
                    json.value();
                }
            } while (json.more('}'));
        }
        place[0] = -1;
        json.expectEnd();
        if (!seen) {
            complaints.add(Fault.INVALID_RECORD, "/records", "The member \"records\" is missing.");
        } else if (complaints.isEmpty() && records.size() == 0) {
            complaints.add(Fault.INVALID_RECORD, "/records", "At least one record is needed.");
        }
    }

    private void records(JsonScanner json, byte[] body, Collected records, Complaints complaints, int[] place) {
        if (json.peek() != '[') {
            json.value();
            complaints.add(Fault.INVALID_RECORD, "/records", "\"records\" must be an array.");
            return;
        }
        json.expect('[');
        if (json.take(']')) {
            return;
        }
        RecordFields fields = new RecordFields();
        do {
            place[0]++;
            if (place[0] >= limits.maxRecordsPerRequest()) {
                throw Refusal.at(
                        Fault.BODY_TOO_LARGE,
                        "/records",
                        "A request may have " + limits.maxRecordsPerRequest() + " records.");
            }
            Place at = new Place(place[0], -1);
            int before = complaints.count();
            reader.read(json, body, fields, at, complaints);
            if (complaints.count() == before) {
                records.add(fields, at, complaints);
            }
        } while (json.more(']'));
    }
}
