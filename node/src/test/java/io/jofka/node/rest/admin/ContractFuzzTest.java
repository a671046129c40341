package io.jofka.node.rest.admin;

import static org.hamcrest.MatcherAssert.assertThat;
import static org.hamcrest.Matchers.empty;
import static org.hamcrest.Matchers.greaterThan;

import com.fasterxml.jackson.databind.JsonNode;
import io.jofka.node.metadata.PartitionImage;
import io.jofka.node.rest.Contract;
import java.net.URLEncoder;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.Set;
import java.util.TreeSet;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

/**
 * Requests made from the document, by chance from a fixed seed ({@code -Dseed=} for another): none may hang or be answered
 * 5xx, each answer must be as the document says, and wrong input may never succeed.
 */
class ContractFuzzTest {
    private static final long SEED = Long.getLong("seed", 20_260_101L);
    private static final int ROUNDS = Integer.getInteger("rounds", 40);
    private static final ContractCheck CONTRACT = new ContractCheck();

    /** Served by the container around the node, not by its routing. */
    private static final Set<String> ELSEWHERE = Set.of("getDocument");

    /** They succeed only with what chance does not make, such as a batch with a good CRC; the data path has its own tests. */
    private static final Set<String> CHOOSY = Set.of(
            "addVoter",
            "removeVoter",
            "getDecommission",
            "transferLeadership",
            "fetchRecords",
            "produceBatches",
            "producePartitionRecords",
            "truncatePartition");

    @SuppressWarnings("NullAway.Init")
    private static RestNode node;

    private final Random random = new Random(SEED);
    private final Samples samples = new Samples(CONTRACT, random);
    private final List<String> findings = new ArrayList<>();

    @BeforeAll
    static void start() {
        node = new RestNode();
    }

    @AfterAll
    static void stop() {
        node.close();
    }

    private static void restore() {
        if (node.get("/api/v1/topics/t").statusCode() == 404) {
            node.post("/api/v1/topics", "{\"name\":\"t\",\"partitions\":2}");
        }
        // whatever is asked: node 1 can be elected, and moves can be taken back
        for (int p = 0; p < 2; p++) {
            node.cluster.put(
                    "t",
                    new PartitionImage(p, List.of(1, 2), List.of(1, 2), List.of(), 2, 1, 1, List.of(1), List.of()));
        }
    }

    private static List<Contract.Operation> served() {
        return CONTRACT.contract().operations().stream()
                .filter(o -> !o.planned() && !ELSEWHERE.contains(o.id()))
                .toList();
    }

    /** A request in the making. */
    private static final class Draft {
        private String path;
        private final Map<String, String> query = new HashMap<>();
        private final Map<String, String> headers = new HashMap<>();
        private String body = "";
        private String mediaType = "application/json";
        private String wrong = "";

        Draft(String path) {
            this.path = path;
        }

        String address() {
            StringBuilder address = new StringBuilder(path);
            query.forEach((name, value) -> address.append(address.indexOf("?") < 0 ? '?' : '&')
                    .append(name)
                    .append('=')
                    .append(URLEncoder.encode(value, StandardCharsets.UTF_8)));
            return address.toString();
        }
    }

    private static String escape(String segment) {
        return URLEncoder.encode(segment, StandardCharsets.UTF_8).replace("+", "%20");
    }

    private List<JsonNode> parameters(Contract.Operation operation) {
        List<JsonNode> all = new ArrayList<>();
        CONTRACT.document()
                .path("paths")
                .path(operation.path())
                .path("parameters")
                .forEach(p -> all.add(CONTRACT.resolve(p)));
        CONTRACT.operation(operation).path("parameters").forEach(p -> all.add(CONTRACT.resolve(p)));
        return all;
    }

    private Draft right(Contract.Operation operation) {
        Draft draft = new Draft(operation.path());
        for (JsonNode parameter : parameters(operation)) {
            String name = parameter.path("name").asText();
            String value = samples.right(name, parameter.path("schema"));
            switch (parameter.path("in").asText()) {
                case "path" -> draft.path = draft.path.replace("{" + name + "}", escape(value));
                case "query" -> put(draft.query, name, value);
                default -> put(draft.headers, name, value);
            }
        }
        JsonNode content = CONTRACT.operation(operation).path("requestBody").path("content");
        if (content.has("application/json")) {
            draft.body = samples.body(content.path("application/json").path("schema"))
                    .toString();
        } else if (!content.isMissingNode()) {
            draft.mediaType = content.fieldNames().next();
            draft.body = samples.strange() + "x";
        }
        return draft;
    }

    private void put(Map<String, String> into, String name, String value) {
        if (random.nextInt(3) == 0) {
            into.put(name, value);
        }
    }

    /** Breaks one thing, and remembers what; leaves the draft as it is when chance finds nothing to break. */
    private void spoil(Contract.Operation operation, Draft draft) {
        JsonNode json = CONTRACT.operation(operation).at("/requestBody/content/application~1json/schema");
        List<JsonNode> query = parameters(operation).stream()
                .filter(p -> p.path("in").asText().equals("query"))
                .toList();
        switch (random.nextInt(4)) {
            case 0 -> {
                draft.query.put("noSuchParameter", "1");
                // what probes and scrapers add to their addresses is ignored
                boolean probed = operation.path().startsWith("/health")
                        || operation.path().equals("/metrics");
                draft.wrong = probed ? "" : "unknown parameter";
            }
            case 1 -> {
                if (!query.isEmpty()) {
                    JsonNode parameter = query.get(random.nextInt(query.size()));
                    List<String> wrong = samples.wrong(parameter.path("schema"));
                    if (!wrong.isEmpty()) {
                        String value = wrong.get(random.nextInt(wrong.size()));
                        draft.query.put(parameter.path("name").asText(), value);
                        draft.wrong = parameter.path("name").asText() + "='" + value + "'";
                    }
                }
            }
            case 2 -> {
                JsonNode broken = json.isMissingNode() ? null : samples.brokenBody(json);
                if (broken != null) {
                    draft.body = broken.toString();
                    draft.wrong = "body";
                }
            }
            default -> {
                if (!json.isMissingNode()) {
                    String[] broken = {"{", "[1,", "{\"a\":}", "\u0000", "{}{}", "[]", "\"x\"", "\"x".repeat(9)};
                    draft.body = broken[random.nextInt(broken.length)];
                    draft.wrong = "JSON";
                }
            }
        }
    }

    /** A feature that is switched off is no fault of the node. */
    private static boolean isGated(HttpResponse<String> answer) {
        return answer.statusCode() == 501 && answer.body().contains("FEATURE_OFF");
    }

    private int check(Contract.Operation operation, Draft draft) {
        List<String> headers = new ArrayList<>();
        draft.headers.forEach((name, value) -> headers.addAll(List.of(name, value)));
        if (!draft.body.isEmpty()) {
            headers.addAll(List.of("Content-Type", draft.mediaType));
        }
        String address = draft.address();
        HttpResponse<String> answer =
                node.send(operation.method(), address, draft.body, headers.toArray(String[]::new));
        String what = operation.id() + " " + address + " " + draft.headers + " " + draft.body + " -> "
                + answer.statusCode() + " " + answer.body();
        if (answer.statusCode() >= 500 && !answer.body().contains("METADATA_BEHIND") && !isGated(answer)) {
            findings.add("5xx: " + what);
        }
        if (!draft.wrong.isEmpty() && answer.statusCode() < 300) {
            findings.add("wrong " + draft.wrong + " succeeded: " + what);
        }
        if (answer.body().contains("io.jofka") || answer.body().contains("java.")) {
            findings.add("shows Java: " + what);
        }
        CONTRACT.faults(operation.method(), address, answer).forEach(fault -> findings.add(fault + ": " + what));
        return answer.statusCode();
    }

    @Test
    void everyServedOperationAnswersAndKeepsToTheDocument() {
        Set<String> failed = new TreeSet<>();
        served().forEach(operation -> failed.add(operation.id()));
        assertThat(failed.size(), greaterThan(30));
        for (Contract.Operation operation : served()) {
            for (int i = 0; i < ROUNDS; i++) {
                restore();
                Draft draft = right(operation);
                if (check(operation, draft) < 300) {
                    failed.remove(operation.id());
                }
            }
        }
        assertThat(findings, empty());
        failed.removeAll(CHOOSY);
        assertThat("operations that never succeeded", failed, empty());
    }

    @Test
    void wrongInputNeverSucceeds() {
        for (Contract.Operation operation : served()) {
            for (int i = 0; i < ROUNDS; i++) {
                restore();
                Draft draft = right(operation);
                spoil(operation, draft);
                check(operation, draft);
            }
        }
        assertThat(findings, empty());
    }

    @Test
    void strangeTextInAddressesIsAnsweredPlainly() {
        for (Contract.Operation operation : served()) {
            for (int i = 0; i < ROUNDS / 4 && operation.path().contains("{"); i++) {
                restore();
                String path = operation.path();
                while (path.contains("{")) {
                    String value = escape(samples.strange() + random.nextInt(3));
                    path = path.substring(0, path.indexOf('{')) + value + path.substring(path.indexOf('}') + 1);
                }
                check(operation, new Draft(path));
            }
        }
        assertThat(findings, empty());
    }
}
