package io.jofka.node.live;

import java.util.Map;

/** Something that happened; ids rise by one. {@code details} are text, numbers and booleans. */
record Event(long id, long atMs, String type, String sentence, Map<String, Object> details) {
    /** Texts beyond this are cut, so that one event cannot fill the ring. */
    private static final int MAX_TEXT = 1_000;

    private static final int MAX_DETAILS = 32;

    static String cut(String text) {
        return text.length() <= MAX_TEXT ? text : text.substring(0, MAX_TEXT) + "...";
    }

    static Map<String, Object> cut(Map<String, Object> details) {
        Map<String, Object> kept = new java.util.TreeMap<>();
        for (Map.Entry<String, Object> entry : details.entrySet()) {
            if (kept.size() == MAX_DETAILS) {
                break;
            }
            Object value = entry.getValue();
            boolean plain = value instanceof Number || value instanceof Boolean;
            kept.put(cut(entry.getKey()), plain ? value : cut(String.valueOf(value)));
        }
        return kept;
    }

    /** About how much memory it takes. */
    long sizeBytes() {
        long size = 128L + 2L * (type.length() + sentence.length());
        for (Map.Entry<String, Object> entry : details.entrySet()) {
            size += 96L
                    + 2L
                            * (entry.getKey().length()
                                    + String.valueOf(entry.getValue()).length());
        }
        return size;
    }
}
