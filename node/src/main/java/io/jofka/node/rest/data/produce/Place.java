package io.jofka.node.rest.data.produce;

/**
 * Where in the request a record or a header stands; becomes text only when there is something to complain about.
 *
 * @param record index in {@code /records}, or -1 where the record is the document
 * @param header index in its headers, or -1
 */
record Place(int record, int header) {
    private static final int MAX_NAME = 64;

    static final Place DOCUMENT = new Place(-1, -1);

    Place header(int index) {
        return new Place(record, index);
    }

    /** JSON pointer (RFC 6901) of the place followed by {@code rest}. */
    String pointer(String rest) {
        return (record < 0 ? "" : "/records/" + record) + (header < 0 ? "" : "/headers/" + header) + rest;
    }

    /** A member name as a part of a pointer, cut where it is long. */
    static String escaped(String name) {
        String cut = name.length() <= MAX_NAME ? name : name.substring(0, MAX_NAME) + "...";
        return cut.replace("~", "~0").replace("/", "~1");
    }
}
