package io.jofka.tests.hostile;

import java.util.List;

/**
 * What a row of a hostile table allows, as alternatives divided by {@code |}.
 *
 * <p>REST: {@code closed}, or a status and the last part of the problem's type ({@code 422 invalid-topic}; {@code *} for
 * any). Kafka: {@code closed}, {@code answer}, {@code quiet}, or {@code error:} with the names of Kafka's errors divided by commas.
 */
record Expectation(List<String> alternatives) {
    static Expectation parse(String text) {
        return new Expectation(List.of(text.split("\\|", -1)));
    }

    boolean allowsClosed() {
        return alternatives.contains("closed");
    }

    /** Neither an answer nor a closed connection: the server waits, as it was asked to. */
    boolean allowsQuiet() {
        return alternatives.contains("quiet");
    }

    boolean allowsStatus(int status, String problem) {
        return alternatives.contains(status + " *") || alternatives.contains(status + " " + problem);
    }

    boolean allowsAnswer() {
        return alternatives.contains("answer");
    }

    boolean allowsError(String name) {
        return alternatives.stream()
                .filter(each -> each.startsWith("error:"))
                .anyMatch(each -> List.of(each.substring("error:".length()).split(",", -1))
                        .contains(name));
    }
}
