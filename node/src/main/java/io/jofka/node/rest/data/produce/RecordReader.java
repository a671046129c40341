package io.jofka.node.rest.data.produce;

import io.jofka.api.fault.Fault;
import io.jofka.node.rest.data.exchange.DataLimits;
import io.jofka.node.rest.data.json.JsonScanner;
import io.jofka.node.rest.data.json.JsonText;
import java.nio.ByteBuffer;
import java.time.DateTimeException;
import java.time.Instant;
import java.util.Base64;
import org.jspecify.annotations.Nullable;

/**
 * Reads one record object of a produce request. A string is its UTF-8 text, any other JSON the bytes that were sent,
 * {@code null} or an absent member is null. Faults of content are collected with their place, faults of grammar end the
 * reading. Stateless apart from the limits.
 */
final class RecordReader {
    /** 31 December 9999: beyond it no time can be shown in RFC 3339. */
    static final long MAX_TIMESTAMP_MS = 253_402_300_799_999L;

    private static final int KEY = 1;
    private static final int KEY_BASE64 = 2;
    private static final int VALUE = 4;
    private static final int VALUE_BASE64 = 8;
    private static final int HEADERS = 16;
    private static final int TIMESTAMP = 32;
    private static final int TIMESTAMP_MS = 64;
    private static final int PARTITION = 128;
    private static final int NAME = 256;

    /** Instead of a number: null, or a fault that was complained about. */
    private static final long ABSENT = Long.MIN_VALUE;

    private static final String RECORD_MEMBERS =
            "key, keyBase64, value, valueBase64, headers, timestamp, timestampMs, partition";

    private final DataLimits limits;

    RecordReader(DataLimits limits) {
        this.limits = limits;
    }

    /** The scanner stands before the record and passes it; the outcome is {@code into}, unless there are complaints. */
    void read(JsonScanner json, byte[] body, RecordFields into, Place place, Complaints complaints) {
        into.clear();
        if (json.peek() != '{') {
            json.value();
            complaints.add(Fault.INVALID_RECORD, place.pointer(""), "A record must be an object.");
            return;
        }
        json.expect('{');
        if (json.take('}')) {
            return;
        }
        int seen = 0;
        do {
            json.name();
            int member = recordMember(json);
            if (member == 0) {
                unknown(json, place, RECORD_MEMBERS, complaints);
                json.value();
                continue;
            }
            if ((seen & member) != 0) {
                duplicate(json, place, complaints);
            }
            seen |= member;
            member(json, body, member, into, place, complaints);
        } while (json.more('}'));
        exclusive(seen, KEY | KEY_BASE64, "key and keyBase64", place, complaints);
        exclusive(seen, VALUE | VALUE_BASE64, "value and valueBase64", place, complaints);
        exclusive(seen, TIMESTAMP | TIMESTAMP_MS, "timestamp and timestampMs", place, complaints);
    }

    private void member(
            JsonScanner json, byte[] body, int member, RecordFields into, Place place, Complaints complaints) {
        switch (member) {
            case KEY -> into.key = anyValue(json, body);
            case VALUE -> into.value = anyValue(json, body);
            case KEY_BASE64 -> into.key = base64(json, place, "/keyBase64", complaints);
            case VALUE_BASE64 -> into.value = base64(json, place, "/valueBase64", complaints);
            case TIMESTAMP -> into.timestampMs = timestamp(json, place, complaints);
            case TIMESTAMP_MS -> {
                long ms = number(json, body, place, "/timestampMs", Fault.INVALID_TIMESTAMP, complaints);
                into.timestampMs = checkedTime(ms, place, "/timestampMs", complaints);
            }
            case PARTITION -> {
                long number = number(json, body, place, "/partition", Fault.INVALID_PARTITION, complaints);
                if (number == ABSENT) {
                    return;
                }
                if (number < 0 || number > Integer.MAX_VALUE) {
                    complaints.add(Fault.INVALID_PARTITION, place.pointer("/partition"), "There is no such partition.");
                } else {
                    into.partition = (int) number;
                }
            }
            default -> headers(json, body, into, place, complaints);
        }
    }

    private static int recordMember(JsonScanner json) {
        return switch (json.tokenLength()) {
            case 3 -> json.tokenIs("key") ? KEY : 0;
            case 5 -> json.tokenIs("value") ? VALUE : 0;
            case 7 -> json.tokenIs("headers") ? HEADERS : 0;
            case 9 ->
                json.tokenIs("partition")
                        ? PARTITION
                        : json.tokenIs("keyBase64") ? KEY_BASE64 : json.tokenIs("timestamp") ? TIMESTAMP : 0;
            case 11 -> json.tokenIs("valueBase64") ? VALUE_BASE64 : json.tokenIs("timestampMs") ? TIMESTAMP_MS : 0;
            default -> 0;
        };
    }

    /** Passes any value: the text of a string, the bytes of anything else, null for null. */
    static @Nullable ByteBuffer anyValue(JsonScanner json, byte[] body) {
        int first = json.peek();
        if (first == '"') {
            json.string();
            return json.text();
        }
        json.value();
        return first == 'n' ? null : ByteBuffer.wrap(body, json.tokenStart(), json.tokenLength());
    }

    private static @Nullable ByteBuffer base64(JsonScanner json, Place place, String member, Complaints complaints) {
        int first = json.peek();
        if (first == '"') {
            json.string();
            try {
                return Base64.getDecoder().decode(json.text());
            } catch (IllegalArgumentException notBase64) {
                complaints.add(Fault.INVALID_RECORD, place.pointer(member), "The text is not base64.");
                return null;
            }
        }
        json.value();
        if (first != 'n') {
            complaints.add(Fault.INVALID_RECORD, place.pointer(member), "Base64 must be a string.");
        }
        return null;
    }

    /** A whole number; {@link #ABSENT} for null, and after a complaint for anything else. */
    private static long number(
            JsonScanner json, byte[] body, Place place, String member, Fault fault, Complaints complaints) {
        json.value();
        if (body[json.tokenStart()] == 'n') {
            return ABSENT;
        }
        if (!JsonText.isWholeNumber(body, json.tokenStart(), json.tokenEnd())) {
            complaints.add(fault, place.pointer(member), "The value must be a whole number.");
            return ABSENT;
        }
        return JsonText.wholeNumber(body, json.tokenStart(), json.tokenEnd());
    }

    private static long checkedTime(long ms, Place place, String member, Complaints complaints) {
        if (ms == ABSENT) {
            return -1;
        }
        if (ms < 0 || ms > MAX_TIMESTAMP_MS) {
            complaints.add(
                    Fault.INVALID_TIMESTAMP, place.pointer(member), "The time must be from 1970 to the year 9999.");
            return -1;
        }
        return ms;
    }

    private static long timestamp(JsonScanner json, Place place, Complaints complaints) {
        int first = json.peek();
        if (first != '"') {
            json.value();
            if (first != 'n') {
                complaints.add(
                        Fault.INVALID_TIMESTAMP,
                        place.pointer("/timestamp"),
                        "The time must be RFC 3339 text; use timestampMs for a number.");
            }
            return -1;
        }
        json.string();
        try {
            long ms = Instant.parse(JsonText.string(json.text())).toEpochMilli();
            return checkedTime(ms, place, "/timestamp", complaints);
        } catch (DateTimeException | ArithmeticException notTime) {
            complaints.add(
                    Fault.INVALID_TIMESTAMP,
                    place.pointer("/timestamp"),
                    "The time is not RFC 3339, for example 2026-01-01T00:00:00Z.");
            return -1;
        }
    }

    private void headers(JsonScanner json, byte[] body, RecordFields into, Place place, Complaints complaints) {
        int first = json.peek();
        if (first != '[') {
            json.value();
            if (first != 'n') {
                complaints.add(Fault.INVALID_RECORD, place.pointer("/headers"), "Headers must be an array.");
            }
            return;
        }
        json.expect('[');
        if (json.take(']')) {
            return;
        }
        int index = 0;
        do {
            header(json, body, into, place.header(index), complaints);
            index++;
        } while (json.more(']'));
        if (index > limits.maxHeadersPerRecord() || into.headerBytes() > limits.maxHeaderBytesPerRecord()) {
            complaints.add(
                    Fault.INVALID_RECORD,
                    place.pointer("/headers"),
                    "A record may have " + limits.maxHeadersPerRecord() + " headers of together "
                            + limits.maxHeaderBytesPerRecord() + " bytes.");
        }
    }

    private void header(JsonScanner json, byte[] body, RecordFields into, Place place, Complaints complaints) {
        if (json.peek() != '{') {
            json.value();
            complaints.add(Fault.INVALID_RECORD, place.pointer(""), "A header must be an object.");
            return;
        }
        json.expect('{');
        String name = null;
        ByteBuffer value = null;
        int seen = 0;
        if (!json.take('}')) {
            do {
                json.name();
                int member = json.tokenIs("name")
                        ? NAME
                        : json.tokenIs("value") ? VALUE : json.tokenIs("valueBase64") ? VALUE_BASE64 : 0;
                if ((seen & member) != 0) {
                    duplicate(json, place, complaints);
                }
                seen |= member;
                if (member == NAME && json.peek() == '"') {
                    json.string();
                    name = JsonText.string(json.text());
                } else if (member == VALUE) {
                    value = anyValue(json, body);
                } else if (member == VALUE_BASE64) {
                    value = base64(json, place, "/valueBase64", complaints);
                } else {
                    if (member == 0) {
                        unknown(json, place, "name, value, valueBase64", complaints);
                    }
                    json.value();
                }
            } while (json.more('}'));
        }
        exclusive(seen, VALUE | VALUE_BASE64, "value and valueBase64", place, complaints);
        if (name == null) {
            complaints.add(Fault.INVALID_RECORD, place.pointer("/name"), "A header needs a name, which is a string.");
        } else if (into.headers().size() <= limits.maxHeadersPerRecord()) {
            into.header(name, value);
        }
    }

    private static void unknown(JsonScanner json, Place place, String known, Complaints complaints) {
        complaints.add(
                Fault.INVALID_RECORD,
                place.pointer("/" + Place.escaped(JsonText.string(json.text()))),
                "The member is not known; known are " + known + ".");
    }

    private static void duplicate(JsonScanner json, Place place, Complaints complaints) {
        complaints.add(
                Fault.INVALID_RECORD,
                place.pointer("/" + Place.escaped(JsonText.string(json.text()))),
                "The member is given twice.");
    }

    private static void exclusive(int seen, int members, String names, Place place, Complaints complaints) {
        if ((seen & members) == members) {
            complaints.add(Fault.INVALID_RECORD, place.pointer(""), "Only one of " + names + " may be given.");
        }
    }
}
