package io.jofka.api.fault;

import static org.hamcrest.MatcherAssert.assertThat;
import static org.hamcrest.Matchers.is;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

/** docs/problems.md is made from the catalogue; {@code -Dgolden=update} writes it anew. */
class ProblemsPageTest {
    private static final Path PAGE = Path.of("../docs/problems.md");

    @Test
    void thePageIsThatOfTheCatalogue() throws IOException {
        String expected = page();
        if ("update".equals(System.getProperty("golden"))) {
            Files.writeString(PAGE, expected);
        }
        assertThat("run with -Dgolden=update and read the diff", Files.readString(PAGE), is(expected));
    }

    private static String page() {
        List<Fault> faults = Arrays.stream(Fault.values())
                .sorted(Comparator.comparingInt(Fault::status).thenComparing(Fault::slug))
                .toList();
        StringBuilder page = new StringBuilder("""
                # Problems

                Every refusal of the REST API is a problem (RFC 9457) of one of these types; its `type` is `/problems/` and the
                slug, its `code` the slug in capitals. The Kafka protocol answers the Kafka code, -1 where Kafka has none.
                Retriable: the same request may succeed later without being changed. Made from the catalogue; do not edit.

                | slug | status | Kafka | gRPC | retriable | title |
                |---|---|---|---|---|---|
                """);
        for (Fault fault : faults) {
            page.append("| [%s](#%s) | %d | %d | %s | %s | %s |\n"
                    .formatted(
                            fault.slug(),
                            fault.slug(),
                            fault.status(),
                            fault.kafkaCode(),
                            fault.grpcCode(),
                            fault.retriable() ? "yes" : "no",
                            fault.title()));
        }
        Map<Fault, Advice> advice = Advice.all();
        for (Fault fault : faults) {
            Advice text = advice.getOrDefault(fault, new Advice("", ""));
            page.append("\n## %s\n\n%s\n\n**Cause:** %s\n\n**Cure:** %s\n"
                    .formatted(fault.slug(), fault.title() + ".", text.cause(), text.cure()));
        }
        return page.toString();
    }
}
