package io.jofka.tests.hostile;

import com.fasterxml.jackson.databind.JsonNode;
import java.net.InetSocketAddress;
import java.nio.ByteBuffer;
import java.time.Duration;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.apache.kafka.common.protocol.ApiKeys;
import org.apache.kafka.common.protocol.Errors;
import org.apache.kafka.common.requests.AbstractResponse;
import org.apache.kafka.common.requests.RequestHeader;

/**
 * The hostile frames of {@code hostile/kafka.jsonl}, one a line: a name, what to {@code send} (see {@link Frames}) and
 * what to expect (see {@link Expectation}). {@code end} ends our half of the connection after it; {@code slow} and
 * {@code drip} (hex) are as in the REST table.
 */
final class KafkaTable {
    private static final Duration PATIENCE = Duration.ofSeconds(10);

    private static final Duration QUIET = Duration.ofSeconds(2);

    private final InetSocketAddress address;
    private final Duration slowPatience;

    KafkaTable(String kafka, Duration slowPatience) {
        int colon = kafka.lastIndexOf(':');
        this.address = new InetSocketAddress(kafka.substring(0, colon), Integer.parseInt(kafka.substring(colon + 1)));
        this.slowPatience = slowPatience;
    }

    /** What is wrong with the server's reaction to a row; empty when nothing is. */
    Optional<String> violation(JsonNode row) {
        Expectation expected = Expectation.parse(row.get("expect").asText());
        byte[] sent = Frames.parse(row.get("send").asText());
        Wire.Reply reply;
        try (Wire wire = new Wire(address)) {
            reply = wire.exchange(
                    out -> {
                        out.write(sent);
                        out.flush();
                        if (row.path("end").asBoolean()) {
                            wire.endOutput();
                        }
                        if (row.has("drip")) {
                            Wire.drip(
                                    out, HexFormat.of().parseHex(row.get("drip").asText()));
                        }
                    },
                    patience(row, expected),
                    KafkaTable::whole);
        }
        if (!whole(reply.bytes())) {
            if (!reply.closed()) {
                return expected.allowsQuiet() ? Optional.empty() : Optional.of("no answer and not closed");
            }
            return expected.allowsClosed()
                    ? Optional.empty()
                    : Optional.of("closed, expected " + row.get("expect").asText());
        }
        if (expected.allowsAnswer()) {
            return Optional.empty();
        }
        List<String> errors = errors(sent, reply.bytes());
        return errors.stream().anyMatch(expected::allowsError)
                ? Optional.empty()
                : Optional.of(
                        "answered " + errors + ", expected " + row.get("expect").asText());
    }

    private Duration patience(JsonNode row, Expectation expected) {
        if (expected.allowsQuiet()) {
            return QUIET;
        }
        return RestTable.slow(row) ? slowPatience : PATIENCE;
    }

    private static boolean whole(byte[] bytes) {
        return bytes.length >= 4 && bytes.length >= 4 + ByteBuffer.wrap(bytes).getInt();
    }

    /** The errors in an answer, read by Kafka's own code. */
    private static List<String> errors(byte[] sent, byte[] answer) {
        ByteBuffer request = ByteBuffer.wrap(sent);
        ApiKeys api = ApiKeys.forId(request.getShort(4));
        short version = request.getShort(6);
        if (api == ApiKeys.API_VERSIONS && !api.isVersionSupported(version)) {
            version = 0;
        }
        ByteBuffer body = ByteBuffer.wrap(answer).position(4).slice();
        RequestHeader header = new RequestHeader(api, version, "box", Frames.CORRELATION);
        try {
            Map<Errors, Integer> counts =
                    AbstractResponse.parseResponse(body, header).errorCounts();
            List<String> bad = counts.keySet().stream()
                    .filter(error -> error != Errors.NONE)
                    .map(Errors::name)
                    .toList();
            return bad.isEmpty() ? List.of("NONE") : bad;
        } catch (RuntimeException e) {
            return List.of("unreadable answer: " + e + " " + HexFormat.of().formatHex(answer));
        }
    }
}
