package io.jofka.node.kafka;

import static org.hamcrest.MatcherAssert.assertThat;
import static org.hamcrest.Matchers.is;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.apache.kafka.common.protocol.ApiKeys;
import org.junit.jupiter.api.Test;

final class ApiPageTest {
    @Test
    void theDocumentedApisAreTheServedOnes() throws IOException {
        Path page = Path.of("..", "docs", "kafka-api.md");
        String expected;
        try (TestNode node = new TestNode()) {
            expected = page(node.apis);
        }
        if (System.getProperty("golden", "").equals("update")) {
            Files.writeString(page, expected);
        }
        assertThat("run with -Dgolden=update", Files.readString(page), is(expected));
    }

    private static String page(ApiTable apis) {
        StringBuilder text = new StringBuilder("""
                # Kafka protocol: what is served

                Generated from the table of handlers in the code (`Handlers`); a test holds this page against it. The reply to \
                ApiVersions is made from the same table, so clients see exactly this. Versions are all stable ones of \
                Apache Kafka 4.4. APIs that are not listed are not announced, and a request for one closes its connection.

                | key | API | versions | since | notes |
                |---|---|---|---|---|
                """);
        for (Api<?> api : apis.all()) {
            int oldest = api.key() == ApiKeys.PRODUCE ? 0 : api.oldestVersion();
            String versions = oldest == api.newestVersion() ? "" + oldest : oldest + "-" + api.newestVersion();
            text.append("| %d | %s | %s | 0.1 | %s |%n".formatted(api.key().id, api.key().name, versions, api.notes()));
        }
        return text.append("""

                Not served yet: consumer groups, transactions, security (SASL, TLS, ACLs), quotas, fetch sessions, tiered \
                storage. Produce versions 0-2 are announced, as Apache Kafka does, so that old clients compress; requests in \
                them are refused.
                """).toString();
    }
}
