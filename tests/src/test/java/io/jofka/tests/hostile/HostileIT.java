package io.jofka.tests.hostile;

import static org.hamcrest.MatcherAssert.assertThat;
import static org.hamcrest.Matchers.empty;
import static org.hamcrest.Matchers.greaterThanOrEqualTo;
import static org.hamcrest.Matchers.is;
import static org.hamcrest.Matchers.lessThan;

import com.fasterxml.jackson.databind.JsonNode;
import io.jofka.tests.harness.Commands;
import io.jofka.tests.harness.NodeOptions;
import io.jofka.tests.harness.NodeProcess;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.apache.kafka.clients.admin.Admin;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.MethodOrderer;
import org.junit.jupiter.api.Order;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestFactory;
import org.junit.jupiter.api.TestMethodOrder;

/** Each row of the two hostile tables is answered clearly or cut off, and the node is well after it. */
@TestMethodOrder(MethodOrderer.OrderAnnotation.class)
class HostileIT {
    private static final Duration SLOW = Duration.ofSeconds(25);
    private static final long HEAP_GROWTH_KIB = 40_000;
    private static final Pattern USED = Pattern.compile("used (\\d+)K");

    @SuppressWarnings("NullAway.Init")
    private static NodeProcess node;

    @BeforeAll
    static void start() {
        node = NodeProcess.start(NodeOptions.fresh("hostile")
                .withProperty("jofka.rest.read-timeout", "4s")
                .withProperty("jofka.rest.idle", "6s")
                .withProperty("jofka.kafka.read-timeout", "4s")
                .withProperty("jofka.kafka.idle", "6s"));
        node.api().createTopic("box", 4, Map.of());
        node.api().createTopic("dot.ted", 1, Map.of());
        node.api().createTopic("small", 1, Map.of("max.message.bytes", "2000"));
        node.api().createTopic("compacted", 1, Map.of("cleanup.policy", "compact"));
    }

    @AfterAll
    static void stop() {
        node.close();
    }

    @Test
    @Order(1)
    void theTablesHaveAtLeastAHundredAndFiftyRows() {
        assertThat(RestTable.rows("rest.jsonl").size(), greaterThanOrEqualTo(150));
        assertThat(RestTable.rows("kafka.jsonl").size(), greaterThanOrEqualTo(100));
    }

    @TestFactory
    @Order(2)
    List<DynamicTest> everyHostileRequestIsRefusedClearly() {
        RestTable table = new RestTable(node.rest(), SLOW);
        return RestTable.rows("rest.jsonl").stream()
                .filter(row -> !RestTable.slow(row))
                .map(row -> test(row, () -> table.violation(row)))
                .toList();
    }

    @TestFactory
    @Order(3)
    List<DynamicTest> everyHostileFrameIsRefusedClearly() {
        KafkaTable table = new KafkaTable(node.kafka(), SLOW);
        return RestTable.rows("kafka.jsonl").stream()
                .filter(row -> !RestTable.slow(row))
                .map(row -> test(row, () -> table.violation(row)))
                .toList();
    }

    @Test
    @Order(4)
    void slowSendersAndSilentConnectionsAreCutOff() throws Exception {
        RestTable rest = new RestTable(node.rest(), SLOW);
        KafkaTable kafka = new KafkaTable(node.kafka(), SLOW);
        List<String> wrong = new ArrayList<>();
        try (ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor()) {
            List<Future<Optional<String>>> results = new ArrayList<>();
            RestTable.rows("rest.jsonl").stream()
                    .filter(RestTable::slow)
                    .forEach(row ->
                            results.add(threads.submit(() -> rest.violation(row).map(text -> name(row) + text))));
            RestTable.rows("kafka.jsonl").stream()
                    .filter(RestTable::slow)
                    .forEach(row -> results.add(
                            threads.submit(() -> kafka.violation(row).map(text -> name(row) + text))));
            for (Future<Optional<String>> result : results) {
                result.get().ifPresent(wrong::add);
            }
        }
        assertThat(wrong, empty());
        assertWell();
    }

    @Test
    @Order(5)
    void theHeapIsSteadyOverAnotherRoundOfAll() {
        long before = usedHeapKiB();
        RestTable rest = new RestTable(node.rest(), SLOW);
        KafkaTable kafka = new KafkaTable(node.kafka(), SLOW);
        for (JsonNode row : RestTable.rows("rest.jsonl")) {
            if (!RestTable.slow(row)) {
                rest.violation(row);
            }
        }
        for (JsonNode row : RestTable.rows("kafka.jsonl")) {
            if (!RestTable.slow(row)) {
                kafka.violation(row);
            }
        }
        assertThat(usedHeapKiB() - before, lessThan(HEAP_GROWTH_KIB));
    }

    private static String name(JsonNode row) {
        return row.get("name").asText() + ": ";
    }

    private static DynamicTest test(JsonNode row, java.util.function.Supplier<Optional<String>> violation) {
        return DynamicTest.dynamicTest(row.get("name").asText(), () -> {
            Optional<String> wrong = violation.get();
            assertThat(wrong.orElse("as expected"), is("as expected"));
            assertWell();
        });
    }

    private static void assertWell() {
        assertThat(node.alive(), is(true));
        assertThat(node.api().get("/topics/box").status(), is(200));
        assertThat(node.api().get("//health/ready").status(), is(200));
        try (Admin admin = Admin.create(Map.of(
                "bootstrap.servers", node.kafka(), "request.timeout.ms", 8_000, "default.api.timeout.ms", 10_000))) {
            admin.describeCluster().nodes().get();
        } catch (Exception e) {
            throw new AssertionError("the Kafka port is not well: " + e, e);
        }
    }

    private static long usedHeapKiB() {
        String jcmd = Path.of(System.getProperty("java.home"), "bin", "jcmd").toString();
        String pid = Long.toString(node.pid());
        Commands.run(Duration.ofSeconds(30), List.of(jcmd, pid, "GC.run")).orFail();
        Matcher used = USED.matcher(Commands.run(Duration.ofSeconds(30), List.of(jcmd, pid, "GC.heap_info"))
                .orFail());
        long sum = 0;
        while (used.find()) {
            sum += Long.parseLong(used.group(1));
        }
        assertThat(sum > 0, is(true));
        return sum;
    }
}
