package io.jofka.node.rest.data.produce;

import io.jofka.api.fault.Fault;
import io.jofka.node.common.Clock;
import io.jofka.node.rest.Problem;
import io.jofka.node.rest.Refusal;
import io.jofka.node.rest.data.exchange.Body;
import io.jofka.node.rest.data.exchange.DataLimits;
import io.jofka.node.rest.data.exchange.Gate;
import io.jofka.node.rest.data.json.JsonFault;
import io.jofka.node.rest.data.json.JsonScanner;

/**
 * The JSON form of a produce: {@code {"records":[...]}}, in one pass over the bytes into batches. Nothing is appended
 * unless the whole body is good. Thread-safe.
 */
final class JsonProduce {
    private final DataLimits limits;
    private final Gate bodyBudget;
    private final Clock clock;
    private final StickyPartitions sticky;
    private final Appends appends;
    private final RecordReader reader;
    private final ProduceAnswer answer;

    JsonProduce(
            DataLimits limits,
            Gate bodyBudget,
            Clock clock,
            StickyPartitions sticky,
            Appends appends,
            ProduceAnswer answer) {
        this.limits = limits;
        this.bodyBudget = bodyBudget;
        this.clock = clock;
        this.sticky = sticky;
        this.appends = appends;
        this.reader = new RecordReader(limits);
        this.answer = answer;
    }

    void serve(ProduceCall call) {
        Collected records;
        try (Body body = Body.read(call.request(), limits.maxBodyBytes(), bodyBudget)) {
            TopicTarget target = call.target();
            Placement placement = Placement.byKey(target.partitions(), sticky.of(target.topic()));
            records = new Collected(target, call.partition(), placement, call.producer(), clock.wallMs());
            read(body, records);
        }
        answer.send(call, records, appends.append(call.target(), records, call.options()));
    }

    /** Reads the envelope into {@code records}; refuses the request when anything is wrong with it. */
    void read(Body body, Collected records) {
        JsonScanner json = new JsonScanner(body.array(), 0, body.length(), limits.maxJsonDepth());
        Complaints complaints = new Complaints();
        int[] place = {-1};
        try {
            envelope(json, body.array(), records, complaints, place);
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
