package io.jofka.node.rest.data;

import io.jofka.api.fault.Fault;
import io.jofka.node.rest.Refusal;
import io.jofka.node.rest.data.exchange.Numbers;
import java.net.URLDecoder;
import java.nio.charset.StandardCharsets;

/**
 * What an address of the data path means. Read from the raw path by hand: this runs for every request of the listener.
 *
 * @param topic decoded name, empty where there is none
 * @param partition -1 where there is none
 */
record Target(Kind kind, String topic, int partition) {
    static final String ROOT = "/api/v1/";
    static final Target FOREIGN = new Target(Kind.FOREIGN, "", -1);

    private static final int MAX_SHOWN = 32;

    /** The addresses; the comment of each is what follows the root. */
    enum Kind {
        /** Not an address of the data path. */
        FOREIGN(""),
        /** {@code topics/{t}/records}. */
        RECORDS("GET, POST"),
        /** {@code topics/{t}/records/raw}. */
        RAW("POST"),
        /** {@code topics/{t}/offsets}. */
        OFFSETS("GET"),
        /** {@code topics/{t}/partitions/{p}/records}. */
        PARTITION_RECORDS("GET, POST"),
        /** {@code topics/{t}/partitions/{p}/batches}. */
        PARTITION_BATCHES("GET, POST"),
        /** {@code topics/{t}/partitions/{p}/truncate}. */
        TRUNCATE("POST"),
        /** {@code records/fetch}. */
        FETCH("POST"),
        /** {@code producers}. */
        PRODUCERS("POST");

        private final String methods;

        Kind(String methods) {
            this.methods = methods;
        }

        /** As in an {@code Allow} header. */
        String methods() {
            return methods;
        }
    }

    static Target of(String rawPath) {
        if (!rawPath.startsWith(ROOT)) {
            return FOREIGN;
        }
        int end = rawPath.length();
        while (end > ROOT.length() && rawPath.charAt(end - 1) == '/') {
            end--;
        }
        String path = rawPath.substring(ROOT.length(), end);
        if (path.startsWith("topics/")) {
            return ofTopic(path);
        }
        return switch (path) {
            case "records/fetch" -> new Target(Kind.FETCH, "", -1);
            case "producers" -> new Target(Kind.PRODUCERS, "", -1);
            default -> FOREIGN;
        };
    }

    private static Target ofTopic(String path) {
        int from = "topics/".length();
        int slash = path.indexOf('/', from);
        if (slash <= from) {
            return FOREIGN;
        }
        String rest = path.substring(slash + 1);
        Kind kind = switch (rest) {
            case "records" -> Kind.RECORDS;
            case "records/raw" -> Kind.RAW;
            case "offsets" -> Kind.OFFSETS;
            default -> Kind.FOREIGN;
        };
        if (kind != Kind.FOREIGN) {
            return new Target(kind, decoded(path.substring(from, slash)), -1);
        }
        if (!rest.startsWith("partitions/")) {
            return FOREIGN;
        }
        int number = "partitions/".length();
        int last = rest.indexOf('/', number);
        if (last < 0) {
            return FOREIGN;
        }
        kind = switch (rest.substring(last + 1)) {
            case "records" -> Kind.PARTITION_RECORDS;
            case "batches" -> Kind.PARTITION_BATCHES;
            case "truncate" -> Kind.TRUNCATE;
            default -> Kind.FOREIGN;
        };
        return kind == Kind.FOREIGN
                ? FOREIGN
                : new Target(kind, decoded(path.substring(from, slash)), partition(rest.substring(number, last)));
    }

    private static String decoded(String segment) {
        if (segment.indexOf('%') < 0) {
            return segment;
        }
        try {
            return URLDecoder.decode(segment.replace("+", "%2B"), StandardCharsets.UTF_8);
        } catch (IllegalArgumentException badEncoding) {
            throw new Refusal(Fault.MALFORMED_REQUEST, "The address is not percent-encoded UTF-8.");
        }
    }

    private static int partition(String segment) {
        long number = Numbers.whole(segment).orElse(-1);
        if (number < 0 || number > Integer.MAX_VALUE) {
            String shown = segment.length() <= MAX_SHOWN ? segment : segment.substring(0, MAX_SHOWN) + "...";
            throw new Refusal(
                    Fault.INVALID_PARAMETER, "'" + shown + "' is no partition; a partition is a number from 0.");
        }
        return (int) number;
    }
}
