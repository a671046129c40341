package io.jofka.node.rest.data.json;

import static org.hamcrest.MatcherAssert.assertThat;
import static org.hamcrest.Matchers.greaterThan;
import static org.hamcrest.Matchers.is;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonToken;
import com.fasterxml.jackson.core.StreamReadConstraints;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.jofka.node.rest.data.RandomJson;
import java.io.IOException;
import java.io.StringReader;
import java.nio.ByteBuffer;
import java.nio.CharBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.HexFormat;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/**
 * The scanner takes what Jackson takes and refuses what Jackson refuses, over UTF-8 that the JDK's strict decoder
 * accepts. One difference is meant: half a surrogate pair as an escape is refused, since it has no UTF-8 form.
 */
class JsonScannerOracleTest {
    private static final int MAX_DEPTH = 64;
    private static final int DOCUMENTS = 20_000;
    private static final byte[] TOKENS =
            "{}[]\",:\\/0123456789.eE+-truefalsn \t\n\r\u0000\u001fuDd8C".getBytes(StandardCharsets.UTF_8);
    private static final int[] HIGH = {0x80, 0xbf, 0xc0, 0xc2, 0xe0, 0xed, 0xef, 0xf0, 0xf4, 0xf5, 0xff, 0xa0, 0x9f};

    private final JsonFactory jackson = JsonFactory.builder()
            .streamReadConstraints(StreamReadConstraints.builder()
                    .maxNestingDepth(MAX_DEPTH)
                    .maxNumberLength(100_000)
                    .build())
            .build();

    private enum Verdict {
        GOOD,
        BAD,
        /** Good but for half a surrogate pair. */
        HALF_PAIR
    }

    private Verdict oracle(byte[] document) {
        CharBuffer text;
        try {
            text = StandardCharsets.UTF_8.newDecoder().decode(ByteBuffer.wrap(document));
        } catch (CharacterCodingException notUtf8) {
            return Verdict.BAD;
        }
        // from text, since Jackson would guess UTF-16 and pass a byte order mark when given bytes
        try (JsonParser parser = jackson.createParser(new StringReader(text.toString()))) {
            int depth = 0;
            boolean half = false;
            JsonToken token = parser.nextToken();
            if (token == null) {
                return Verdict.BAD;
            }
            do {
                depth += token.isStructStart() ? 1 : token.isStructEnd() ? -1 : 0;
                String read = token == JsonToken.FIELD_NAME
                        ? parser.currentName()
                        : token == JsonToken.VALUE_STRING ? parser.getText() : "";
                half |= !StandardCharsets.UTF_8.newEncoder().canEncode(read);
                token = parser.nextToken();
            } while (depth > 0 && token != null);
            return token != null || depth > 0 ? Verdict.BAD : half ? Verdict.HALF_PAIR : Verdict.GOOD;
        } catch (IOException refused) {
            return Verdict.BAD;
        }
    }

    private Verdict check(byte[] document) {
        // in the middle of a larger array, as a record is in its request
        byte[] around = new byte[document.length + 32];
        Arrays.fill(around, (byte) '7');
        System.arraycopy(document, 0, around, 16, document.length);
        boolean taken = JsonText.isJson(around, 16, 16 + document.length, MAX_DEPTH);
        Verdict verdict = oracle(document);
        String shown = new String(document, StandardCharsets.ISO_8859_1) + " = "
                + HexFormat.of().formatHex(document);
        assertThat(shown, taken, is(verdict == Verdict.GOOD));
        return verdict;
    }

    @ParameterizedTest
    @ValueSource(longs = {1, 2, 3})
    void validDocumentsAreTakenAndMutatedOnesAsJacksonHasIt(long seed) {
        Random random = new Random(seed);
        RandomJson json = new RandomJson(random);
        int good = 0;
        int bad = 0;
        for (int i = 0; i < DOCUMENTS; i++) {
            byte[] document = json.value(4).getBytes(StandardCharsets.UTF_8);
            assertThat(new String(document, StandardCharsets.UTF_8), check(document), is(Verdict.GOOD));
            for (int m = 0; m < 4; m++) {
                document = mutate(random, document);
                if (check(document) == Verdict.GOOD) {
                    good++;
                } else {
                    bad++;
                }
            }
        }
        assertThat(good, greaterThan(DOCUMENTS / 10));
        assertThat(bad, greaterThan(DOCUMENTS / 10));
    }

    private static byte[] mutate(Random random, byte[] document) {
        int at = random.nextInt(document.length + 1);
        byte drawn = random.nextInt(6) == 0
                ? (byte) HIGH[random.nextInt(HIGH.length)]
                : TOKENS[random.nextInt(TOKENS.length)];
        return switch (random.nextInt(4)) {
            case 0 -> Arrays.copyOf(document, at);
            case 1 -> join(document, at, new byte[] {drawn}, at);
            case 2 -> join(document, at, new byte[0], Math.min(document.length, at + 1));
            default -> join(document, at, new byte[] {drawn}, Math.min(document.length, at + 1));
        };
    }

    private static byte[] join(byte[] document, int upTo, byte[] middle, int from) {
        byte[] joined = new byte[upTo + middle.length + document.length - from];
        System.arraycopy(document, 0, joined, 0, upTo);
        System.arraycopy(middle, 0, joined, upTo, middle.length);
        System.arraycopy(document, from, joined, upTo + middle.length, document.length - from);
        return joined;
    }

    @Test
    void randomTokensAreJudgedAlike() {
        Random random = new Random(4);
        for (int i = 0; i < 200_000; i++) {
            byte[] document = new byte[random.nextInt(9)];
            for (int j = 0; j < document.length; j++) {
                document[j] = TOKENS[random.nextInt(TOKENS.length)];
            }
            check(document);
        }
    }

    @Test
    void depthIsCountedAlike() {
        for (int depth = MAX_DEPTH - 1; depth <= MAX_DEPTH + 1; depth++) {
            check(("[".repeat(depth) + "]".repeat(depth)).getBytes(StandardCharsets.UTF_8));
            check(("{\"a\":".repeat(depth) + "1" + "}".repeat(depth)).getBytes(StandardCharsets.UTF_8));
        }
    }

    @Test
    void theTextOfStringsIsThatOfJackson() throws IOException {
        RandomJson json = new RandomJson(new Random(5));
        ObjectMapper mapper = new ObjectMapper();
        for (int i = 0; i < DOCUMENTS; i++) {
            String quoted = json.quoted(json.text());
            byte[] bytes = quoted.getBytes(StandardCharsets.UTF_8);
            JsonScanner scanner = new JsonScanner(bytes, 0, bytes.length, MAX_DEPTH);
            scanner.peek();
            scanner.string();
            assertThat(
                    JsonText.string(scanner.text()), is(mapper.readTree(quoted).asText()));
        }
    }
}
