package io.jofka.tests.hostile;

import com.fasterxml.jackson.databind.JsonNode;
import io.jofka.tests.harness.Rest;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.io.UncheckedIOException;
import java.net.InetSocketAddress;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HexFormat;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.zip.GZIPOutputStream;

/**
 * The hostile requests of {@code hostile/rest.jsonl}, one a line. A row has a name, what it expects (see
 * {@link Expectation}) and either {@code method}, {@code path}, {@code headers} and a body, or {@code raw} bytes (as
 * Latin-1 text). A body is {@code body}, {@code hex}, or {@code repeat: [before, unit, times, after]} with an optional
 * {@code repeatClose} of the same kind without its first member; {@code gzip} packs it, {@code cut} takes bytes off its
 * end, {@code chunked} sends it without a length. {@code slow} rows wait for the server's patience to end, while
 * {@code drip} is sent again and again. {@code answer} must be part of a 2xx answer.
 */
final class RestTable {
    private static final Duration PATIENCE = Duration.ofSeconds(20);
    private static final int PIECE = 1 << 16;

    private final InetSocketAddress address;
    private final Duration slowPatience;

    RestTable(URI rest, Duration slowPatience) {
        this.address = new InetSocketAddress(rest.getHost(), rest.getPort());
        this.slowPatience = slowPatience;
    }

    static List<JsonNode> rows(String resource) {
        List<JsonNode> rows = new ArrayList<>();
        try (InputStream in = RestTable.class.getResourceAsStream("/hostile/" + resource)) {
            if (in == null) {
                throw new IllegalStateException("no table " + resource);
            }
            for (String line : new String(in.readAllBytes(), StandardCharsets.UTF_8).split("\n", -1)) {
                if (!line.isBlank()) {
                    rows.add(Rest.JSON.readTree(line));
                }
            }
            return rows;
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    static boolean slow(JsonNode row) {
        return row.path("slow").asBoolean();
    }

    /** What is wrong with the server's reaction to a row; empty when nothing is. */
    Optional<String> violation(JsonNode row) {
        Expectation expected = Expectation.parse(row.get("expect").asText());
        Duration patience = slow(row) ? slowPatience : PATIENCE;
        Wire.Reply reply;
        Wire.Sender sender = row.has("raw") ? out -> sendRaw(row, out) : request(row);
        try (Wire wire = new Wire(address)) {
            reply = wire.exchange(sender, patience, RestTable::whole);
        }
        if (reply.bytes().length == 0) {
            if (!reply.closed()) {
                return Optional.of("no answer and not closed within " + patience);
            }
            return expected.allowsClosed() ? Optional.empty() : Optional.of("closed without an answer");
        }
        return judge(row, expected, new String(reply.bytes(), StandardCharsets.UTF_8));
    }

    private static Optional<String> judge(JsonNode row, Expectation expected, String text) {
        int status = status(text);
        String body = text.contains("\r\n\r\n") ? text.substring(text.indexOf("\r\n\r\n") + 4) : "";
        if (status < 0) {
            return expected.allowsClosed() ? Optional.empty() : Optional.of("no HTTP: " + brief(text));
        }
        String problem = problem(text, body);
        if (!expected.allowsStatus(status, problem)) {
            return Optional.of(
                    status + " " + problem + ", expected " + row.get("expect").asText() + ": " + brief(body));
        }
        if (body.contains("Exception") || body.contains("\tat ") || body.contains("java.lang")) {
            return Optional.of("names a Java class: " + brief(body));
        }
        if (status >= 400
                && problem.isEmpty()
                && expected.alternatives().stream().noneMatch(each -> each.equals(status + " *"))) {
            return Optional.of("no problem body: " + brief(text));
        }
        String wanted = row.path("answer").asText("");
        if (status / 100 == 2
                && !wanted.isEmpty()
                && List.of(wanted.split("\\|", -1)).stream().noneMatch(body::contains)) {
            return Optional.of("the answer lacks " + wanted + ": " + brief(body));
        }
        return Optional.empty();
    }

    private static int status(String text) {
        String[] words = text.substring(0, Math.min(40, text.length())).split(" ", -1);
        return text.startsWith("HTTP/1.") && words.length > 1 ? Integer.parseInt(words[1].substring(0, 3)) : -1;
    }

    private static String problem(String text, String body) {
        if (!text.toLowerCase(Locale.ROOT).contains("application/problem+json")) {
            return "";
        }
        int at = body.indexOf("/problems/");
        return at < 0 ? "" : body.substring(at + "/problems/".length()).split("[\"/]", 2)[0];
    }

    private static String brief(String text) {
        return text.length() > 400 ? text.substring(0, 400) + "..." : text;
    }

    /** Whether an answer is complete although the connection stays open. */
    private static boolean whole(byte[] bytes) {
        String text = new String(bytes, StandardCharsets.ISO_8859_1);
        int end = text.indexOf("\r\n\r\n");
        if (end < 0) {
            return false;
        }
        String head = text.substring(0, end).toLowerCase(Locale.ROOT);
        int at = head.indexOf("content-length:");
        if (at >= 0) {
            return bytes.length
                    >= end
                            + 4
                            + Integer.parseInt(
                                    head.substring(at + 15).split("\r\n", 2)[0].trim());
        }
        return head.contains("transfer-encoding: chunked")
                ? text.substring(end + 2).endsWith("\r\n0\r\n\r\n")
                : head.contains(" 204 ");
    }

    private static void sendRaw(JsonNode row, OutputStream out) throws IOException {
        out.write(row.get("raw").asText().getBytes(StandardCharsets.ISO_8859_1));
        if (row.has("repeat")) {
            writeRepeat(row, out);
        }
        out.flush();
        if (row.has("drip")) {
            Wire.drip(out, row.get("drip").asText().getBytes(StandardCharsets.ISO_8859_1));
        }
    }

    /** The request as it will be sent; all but chunked bodies are made before the clock runs. */
    private static Wire.Sender request(JsonNode row) {
        StringBuilder head = new StringBuilder();
        head.append(row.get("method").asText())
                .append(' ')
                .append(row.get("path").asText())
                .append(" HTTP/1.1\r\n");
        head.append("Host: localhost\r\nConnection: close\r\n");
        boolean length = false;
        for (var header : row.path("headers").properties()) {
            length |= header.getKey().equalsIgnoreCase("content-length");
            head.append(header.getKey())
                    .append(": ")
                    .append(header.getValue().asText())
                    .append("\r\n");
        }
        if (row.path("chunked").asBoolean()) {
            head.append("Transfer-Encoding: chunked\r\n\r\n");
            return out -> {
                out.write(head.toString().getBytes(StandardCharsets.UTF_8));
                Chunks chunks = new Chunks(out);
                writeBody(row, chunks);
                chunks.finish();
            };
        }
        byte[] body = hasBody(row) ? body(row) : new byte[0];
        if (hasBody(row) && !length) {
            head.append("Content-Length: ").append(body.length).append("\r\n");
        }
        head.append("\r\n");
        return out -> {
            out.write(head.toString().getBytes(StandardCharsets.UTF_8));
            out.write(body);
        };
    }

    private static boolean hasBody(JsonNode row) {
        return row.has("body") || row.has("hex") || row.has("repeat");
    }

    private static byte[] body(JsonNode row) {
        ByteArrayOutputStream bytes = new ByteArrayOutputStream();
        try {
            if (row.path("gzip").asBoolean()) {
                try (GZIPOutputStream packed = new GZIPOutputStream(bytes, PIECE)) {
                    writeBody(row, packed);
                }
            } else {
                writeBody(row, bytes);
            }
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        byte[] all = bytes.toByteArray();
        return Arrays.copyOf(all, all.length - row.path("cut").asInt(0));
    }

    private static void writeBody(JsonNode row, OutputStream out) throws IOException {
        if (row.has("hex")) {
            out.write(HexFormat.of().parseHex(row.get("hex").asText()));
        } else if (row.has("repeat")) {
            writeRepeat(row, out);
        } else {
            out.write(row.get("body").asText().getBytes(StandardCharsets.UTF_8));
        }
    }

    private static void writeRepeat(JsonNode row, OutputStream out) throws IOException {
        JsonNode repeat = row.get("repeat");
        out.write(repeat.get(0).asText().getBytes(StandardCharsets.UTF_8));
        writeMany(repeat.get(1).asText(), repeat.get(2).asInt(), out);
        out.write(repeat.get(3).asText().getBytes(StandardCharsets.UTF_8));
        if (row.has("repeatClose")) {
            JsonNode close = row.get("repeatClose");
            writeMany(close.get(0).asText(), close.get(1).asInt(), out);
            out.write(close.get(2).asText().getBytes(StandardCharsets.UTF_8));
        }
    }

    private static void writeMany(String unit, int times, OutputStream out) throws IOException {
        int perPiece = Math.max(1, PIECE / unit.length());
        byte[] piece = unit.repeat(perPiece).getBytes(StandardCharsets.UTF_8);
        byte[] one = unit.getBytes(StandardCharsets.UTF_8);
        for (int i = 0; i < times / perPiece; i++) {
            out.write(piece);
        }
        for (int i = 0; i < times % perPiece; i++) {
            out.write(one);
        }
    }

    /** Chunked transfer encoding. */
    private static final class Chunks extends OutputStream {
        private final OutputStream out;

        Chunks(OutputStream out) {
            this.out = out;
        }

        @Override
        public void write(int b) throws IOException {
            write(new byte[] {(byte) b}, 0, 1);
        }

        @Override
        public void write(byte[] bytes, int from, int length) throws IOException {
            if (length > 0) {
                out.write((Integer.toHexString(length) + "\r\n").getBytes(StandardCharsets.US_ASCII));
                out.write(bytes, from, length);
                out.write("\r\n".getBytes(StandardCharsets.US_ASCII));
            }
        }

        void finish() throws IOException {
            out.write("0\r\n\r\n".getBytes(StandardCharsets.US_ASCII));
            out.flush();
        }
    }
}
