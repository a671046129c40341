package io.jofka.tests.workload;

import io.jofka.tests.history.RecordId;
import java.nio.charset.StandardCharsets;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.zip.CRC32C;

/** The value of a record of a run: JSON text that names the record and carries a checksum, so that damage shows. */
public final class Payload {
    private static final Pattern TEXT = Pattern.compile(
            "\\{\"client\":\"([^\"]+)\",\"sequence\":(\\d+),\"fill\":\"([a-z]*)\",\"sum\":\"([0-9a-f]+)\"}");
    private static final String LETTERS = "abcdefghijklmnopqrstuvwxyz";

    private Payload() {}

    /** The text for a record; {@code fill} further letters make it longer. */
    public static String of(RecordId id, int fill) {
        StringBuilder letters = new StringBuilder(fill);
        for (int i = 0; i < fill; i++) {
            letters.append(LETTERS.charAt((int) ((id.sequence() + i) % LETTERS.length())));
        }
        return "{\"client\":\"" + id.client() + "\",\"sequence\":" + id.sequence() + ",\"fill\":\"" + letters
                + "\",\"sum\":\"" + sum(id.client(), Long.toString(id.sequence()), letters.toString()) + "\"}";
    }

    /** The record that a text names; a text that is not whole names a record nobody sent. */
    public static RecordId parse(String text) {
        Matcher match = TEXT.matcher(text);
        if (!match.matches() || !match.group(4).equals(sum(match.group(1), match.group(2), match.group(3)))) {
            return new RecordId("damaged: " + text, -1);
        }
        return new RecordId(match.group(1), Long.parseLong(match.group(2)));
    }

    private static String sum(String client, String sequence, String fill) {
        CRC32C crc = new CRC32C();
        crc.update((client + "/" + sequence + "/" + fill).getBytes(StandardCharsets.UTF_8));
        return Long.toHexString(crc.getValue());
    }
}
