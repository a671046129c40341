package io.jofka.tests;

import static org.hamcrest.MatcherAssert.assertThat;
import static org.hamcrest.Matchers.containsString;
import static org.hamcrest.Matchers.greaterThan;
import static org.hamcrest.Matchers.is;
import static org.hamcrest.Matchers.matchesPattern;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import io.jofka.tests.harness.Commands;
import io.jofka.tests.harness.Folders;
import io.jofka.tests.harness.NodeProcess;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/**
 * The commands of README.md and of the REST guides do what the page says, in the order in which they stand there. A
 * {@code sh} block is run as it is printed, with the documented ports replaced by those of the test's node; a {@code
 * text} block right after it is what it must print, where {@code ...} stands for anything. Blocks that call the launcher
 * are not run here.
 */
class ReadmeIT {
    @SuppressWarnings("NullAway.Init")
    private static NodeProcess node;

    @SuppressWarnings("NullAway.Init")
    private static Path scratch;

    private record Block(String commands, String output) {}

    @BeforeAll
    static void start() {
        scratch = Folders.temporary("readme");
        node = NodeProcess.start("readme");
    }

    @AfterAll
    static void stop() {
        node.close();
        Folders.delete(scratch);
    }

    @ParameterizedTest
    @ValueSource(strings = {"README.md", "docs/rest-produce.md", "docs/rest-consume.md"})
    void everyCommandDoesWhatThePageSays(String page) throws IOException {
        assumeTrue(
                Commands.find("curl").isPresent(), "curl is not installed: the commands of " + page + " are not run");
        List<Block> blocks = blocks(Files.readAllLines(Folders.root().resolve(page)));
        assertThat(blocks.size(), greaterThan(5));
        for (Block block : blocks) {
            if (block.commands().contains("kcat") && Commands.find("kcat").isEmpty()) {
                System.out.println("kcat is not installed: not run: " + block.commands());
                continue;
            }
            Commands.Result result = Commands.run(
                    Duration.ofSeconds(60),
                    List.of("bash", "-e", "-c", here(block.commands())),
                    new byte[0],
                    Map.of(),
                    scratch);
            assertThat(block + "\n" + result, result.exit(), is(0));
            if (!block.output().isEmpty()) {
                assertThat(block.commands(), result.out().strip(), matchesPattern(pattern(block.output())));
            }
        }
    }

    @Test
    void theTwoCommandsOfTheLauncherAreThere() throws IOException {
        String launcher = Commands.run(
                                Duration.ofSeconds(20),
                                List.of(Folders.root().resolve("jofka").toString(), "help"))
                        .orFail()
                + Files.readString(Folders.root().resolve("README.md"));
        assertThat(launcher, containsString("./jofka up"));
        assertThat(launcher, containsString("./jofka test"));
    }

    private static String here(String commands) {
        return commands.replace("localhost:8080", node.rest().getAuthority()).replace("localhost:9092", node.kafka());
    }

    private static Pattern pattern(String output) {
        return Pattern.compile(
                List.of(output.strip().split("\\.\\.\\.", -1)).stream()
                        .map(Pattern::quote)
                        .collect(Collectors.joining("[^\\n]*")),
                Pattern.DOTALL);
    }

    private static List<Block> blocks(List<String> lines) {
        List<Block> blocks = new ArrayList<>();
        for (int i = 0; i < lines.size(); i++) {
            if (!lines.get(i).equals("```sh")) {
                continue;
            }
            int end = end(lines, i);
            String commands = String.join("\n", lines.subList(i + 1, end));
            String output = "";
            if (end + 1 < lines.size() && lines.get(end + 1).equals("```text")) {
                output = String.join("\n", lines.subList(end + 2, end(lines, end + 1)));
            }
            if (!commands.startsWith("./jofka")) {
                blocks.add(new Block(commands, output));
            }
            i = end;
        }
        return blocks;
    }

    private static int end(List<String> lines, int start) {
        int end = start + 1;
        while (!lines.get(end).equals("```")) {
            end++;
        }
        return end;
    }
}
