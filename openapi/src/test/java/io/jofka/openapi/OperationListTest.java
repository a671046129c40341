package io.jofka.openapi;

import static org.hamcrest.MatcherAssert.assertThat;
import static org.hamcrest.Matchers.is;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;

/** The list of operations in docs/rest-api.md is that of the document; {@code -Dgolden=update} rewrites it. */
class OperationListTest {
    private static final Path PAGE = Path.of("..", "docs", "rest-api.md");
    private static final String END = "<!-- /operations -->";

    @Test
    void thePageListsTheOperationsOfTheDocument() throws IOException {
        String page = Files.readString(PAGE);
        int start = page.indexOf('\n', page.indexOf("<!-- operations:")) + 1;
        String wanted = page.substring(0, start) + table() + page.substring(page.indexOf(END));
        if ("update".equals(System.getProperty("golden"))) {
            Files.writeString(PAGE, wanted);
        }
        assertThat(Files.readString(PAGE), is(wanted));
    }

    private static String table() {
        StringBuilder table = new StringBuilder("| | address | what | |\n|---|---|---|---|\n");
        for (Document.Operation operation : Document.load().operations()) {
            table.append("| ")
                    .append(operation.method().toUpperCase(java.util.Locale.ROOT))
                    .append(" | `")
                    .append(operation.path())
                    .append("` | ")
                    .append(operation.node().path("summary").asText())
                    .append(" | ")
                    .append(operation.node().path("x-status").asText(""))
                    .append(" |\n");
        }
        return table.toString();
    }
}
