package io.jofka.node.kafka;

import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.Set;

/** Says in words what a first length that makes no sense most likely was. */
final class Foreign {
    private static final Set<String> HTTP =
            Set.of("GET ", "POST", "PUT ", "HEAD", "DELE", "OPTI", "PATC", "TRAC", "CONN", "PRI ");

    private Foreign() {}

    static String describe(int length, ByteBuffer bytes, int start, int end) {
        byte[] first = new byte[Math.min(4, end - start)];
        bytes.get(start, first);
        if (HTTP.contains(new String(first, StandardCharsets.ISO_8859_1))) {
            return "this is HTTP; the REST interface listens on another port";
        }
        if (first.length == 4 && first[0] == 0x16 && first[1] == 0x03) {
            return "this is a TLS hello; this listener speaks plain text";
        }
        return "request length " + length + " is out of range";
    }
}
