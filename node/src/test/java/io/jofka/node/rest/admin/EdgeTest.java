package io.jofka.node.rest.admin;

import static org.hamcrest.MatcherAssert.assertThat;
import static org.hamcrest.Matchers.anyOf;
import static org.hamcrest.Matchers.containsString;
import static org.hamcrest.Matchers.empty;
import static org.hamcrest.Matchers.greaterThan;
import static org.hamcrest.Matchers.is;
import static org.hamcrest.Matchers.not;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.jofka.api.fault.Fault;
import io.jofka.node.rest.Contract;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.net.InetAddress;
import java.net.Socket;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

/** Addresses, methods, media types, pages for people, and what is refused before any operation. */
class EdgeTest {
    private static final Pattern CONTENT_LENGTH = Pattern.compile("(?i)content-length: (\\d+)");
    private static final String JSON_POST =
            "POST /api/v1/topics HTTP/1.1\r\nHost: localhost\r\nContent-Type: application/json\r\n";
    private static final ContractCheck CONTRACT = new ContractCheck();

    @SuppressWarnings("NullAway.Init")
    private static RestNode node;

    @BeforeAll
    static void start() {
        node = new RestNode();
        assertThat(node.post("/api/v1/topics", "{\"name\":\"t\"}").statusCode(), is(201));
    }

    @AfterAll
    static void stop() {
        node.close();
    }

    private static JsonNode problem(int status, String method, String path, String body, String... headers) {
        HttpResponse<String> answer = node.send(method, path, body, headers);
        assertThat(method + " " + path + ": " + answer.body(), answer.statusCode(), is(status));
        assertThat(answer.headers().firstValue("Content-Type").orElse(""), is("application/problem+json"));
        try {
            JsonNode problem = new ObjectMapper().readTree(answer.body());
            assertThat(problem.path("status").asInt(), is(status));
            assertThat(
                    problem.path("requestId").asText(),
                    is(answer.headers().firstValue("X-Request-Id").orElse("")));
            return problem;
        } catch (IOException e) {
            throw new AssertionError(answer.body(), e);
        }
    }

    @Test
    void everyPlannedOperationIsAnswered501() {
        for (Contract.Operation operation : CONTRACT.contract().operations()) {
            if (operation.planned()) {
                String path = operation.path().replaceAll("\\{\\w+}", "7");
                JsonNode problem = problem(501, operation.method(), path, "");
                assertThat(problem.path("detail").asText(), containsString("'" + operation.id() + "'"));
            }
        }
    }

    @Test
    void unknownAddressesAre404AndOtherMethods405WithAllow() {
        for (String path :
                new String[] {"/nothing", "/api", "/api/v1", "/api/v1/nothing", "/api/v1/raft/x", "/health/x"}) {
            assertThat(problem(404, "GET", path, "").path("code").asText(), is("NOT_FOUND"));
        }
        String[][] cases = {
            {"PUT", "/api/v1/topics", "GET, POST, OPTIONS"},
            {"POST", "/api/v1/topics/t", "DELETE, GET, PATCH, OPTIONS"},
            {"DELETE", "/api/v1/events", "GET, OPTIONS"},
            {"POST", "/health", "GET, OPTIONS"},
            {"PUT", "/api/v1/groups/g", "DELETE, GET, OPTIONS"},
            {"TRACE", "/api/v1/raft/", "GET, OPTIONS"},
        };
        for (String[] one : cases) {
            HttpResponse<String> answer = node.send(one[0], one[1], "");
            assertThat(one[0] + " " + one[1], answer.statusCode(), is(405));
            assertThat(one[1], answer.headers().firstValue("Allow").orElse(""), is(one[2]));
            problem(405, one[0], one[1], "");
        }
    }

    @Test
    void mediaTypesThatAreNotSupportedAreToldWhichAre() {
        JsonNode unread = problem(415, "POST", "/api/v1/topics", "<a/>", "Content-Type", "application/xml");
        assertThat(unread.path("supported").toString(), is("[\"application/json\"]"));
        JsonNode unmade = problem(406, "GET", "/api/v1/topics", "", "Accept", "image/png");
        assertThat(unmade.path("supported").toString(), containsString("application/json"));
        problem(406, "GET", "/api/v1/events", "", "Accept", "image/png");
        assertThat(node.get("/api/v1/topics", "Accept", "*/*").statusCode(), is(200));
        assertThat(
                node.get("/api/v1/topics", "Accept", "text/html, application/json;q=0.5")
                        .statusCode(),
                is(200));
    }

    @Test
    void theCatalogueOfProblemsIsServedAsJsonAndAsPages() {
        HttpResponse<String> all = node.get("/problems");
        assertThat(CONTRACT.faults("GET", "/problems", all), empty());
        for (Fault fault : Fault.values()) {
            HttpResponse<String> one = node.get("/problems/" + fault.slug());
            assertThat(CONTRACT.faults("GET", "/problems/" + fault.slug(), one), empty());
            assertThat(one.body(), containsString("\"" + fault + "\""));
        }
        HttpResponse<String> page = node.get("/problems/not-leader", "Accept", "text/html,*/*;q=0.8");
        assertThat(page.headers().firstValue("Content-Type").orElse(""), containsString("text/html"));
        assertThat(
                page.headers().firstValue("Content-Security-Policy").orElse(""), containsString("default-src 'none'"));
        assertThat(problem(404, "GET", "/problems/none", "").path("code").asText(), is("UNKNOWN_PROBLEM"));
    }

    @Test
    void healthMetricsAndPagesAnswer() {
        for (String path : new String[] {"/health", "/health/started", "/health/ready", "/health/live", "/metrics"}) {
            HttpResponse<String> answer = node.get(path);
            assertThat(path, answer.statusCode(), is(200));
            assertThat(path, CONTRACT.faults("GET", path, answer), empty());
        }
        assertThat(node.get("/").body(), containsString("/openapi/ui"));
        HttpResponse<String> page = node.get("/openapi/ui");
        String policy = page.headers().firstValue("Content-Security-Policy").orElse("");
        assertThat(policy, containsString("script-src 'self';"));
        assertThat(page.body(), not(containsString("http")));
        assertThat(node.get("/openapi/ui/swagger-ui-bundle.js").body().length(), greaterThan(1_000_000));
        assertThat(node.get("/openapi/ui/swagger-ui.css").statusCode(), is(200));
        assertThat(node.get("/openapi/ui/start.js").body(), containsString("/openapi"));
        problem(404, "GET", "/openapi/ui/..%2F..%2Fopenapi.yaml", "");
    }

    @Test
    void nodesAndTheQuorumAreDescribed() {
        for (String path : new String[] {
            "/api/v1/nodes",
            "/api/v1/nodes/1",
            "/api/v1/nodes/1/configs",
            "/api/v1/nodes/default/configs",
            "/api/v1/raft"
        }) {
            HttpResponse<String> answer = node.get(path);
            assertThat(path + answer.body(), answer.statusCode(), is(200));
            assertThat(answer.body(), CONTRACT.faults("GET", path, answer), empty());
        }
        HttpResponse<String> written = node.post("/api/v1/raft/snapshots", "");
        assertThat(written.statusCode(), is(201));
        assertThat(CONTRACT.faults("POST", "/api/v1/raft/snapshots", written), empty());
        assertThat(problem(404, "GET", "/api/v1/nodes/9", "").path("code").asText(), is("UNKNOWN_NODE"));
        problem(400, "GET", "/api/v1/nodes/one", "");
        problem(422, "PATCH", "/api/v1/nodes/1/configs", "{\"configs\":{\"nonsense\":true}}");
    }

    @Test
    void pagesOfOtherSitesCannotUseTheNode() throws IOException {
        problem(403, "POST", "/api/v1/topics", "{}", "Origin", "https://evil.example");
        problem(403, "POST", "/api/v1/topics", "{}", "Origin", "null");
        problem(403, "DELETE", "/api/v1/topics/t", "", "Sec-Fetch-Site", "cross-site");
        String own = "http://127.0.0.1:" + node.server.port();
        problem(422, "POST", "/api/v1/topics", "{}", "Origin", own);
        String rebound = raw("GET /api/v1/topics HTTP/1.1\r\nHost: evil.example:8080\r\nConnection: close\r\n\r\n");
        assertThat(rebound, containsString("HTTP/1.1 403"));
        assertThat(rebound, containsString("FORBIDDEN"));
        String local = raw("GET /health HTTP/1.1\r\nHost: LocalHost:1\r\nConnection: close\r\n\r\n");
        assertThat(local, containsString("HTTP/1.1 200"));
    }

    @Test
    void whatTheServerRefusesBeforeRoutingIsAProblemToo() throws IOException {
        String[][] cases = {
            {"GET / HTTP/1.1\r\nHost: localhost\r\nX: " + "y".repeat(20_000) + "\r\n\r\n", "HTTP/1.1 431"},
            {JSON_POST + "Content-Encoding: zstd\r\nContent-Length: 2\r\n\r\n{}", "HTTP/1.1 4"},
            {"GET / HTTP/1.1\r\nHost: localhost\r\nBad Header: x\r\n\r\n", "HTTP/1.1 400"},
            {"GET /%zz HTTP/1.1\r\nHost: localhost\r\n\r\n", "HTTP/1.1 400"},
            {"GET / HTTP/1.1\r\n\r\n", "HTTP/1.1 400"},
            {JSON_POST + "Content-Length: 99999999\r\n\r\n", "HTTP/1.1 413"},
        };
        for (String[] one : cases) {
            String answer = raw(one[0]);
            assertThat(one[1], answer, containsString(one[1]));
            assertThat(answer, containsString("application/problem+json"));
            assertThat(answer, containsString("\"requestId\""));
            assertThat(answer, not(containsString("io.helidon")));
        }
    }

    @Test
    void anAddressBeyondTheLimitAndOldHttpEndTheConnection() throws IOException {
        assertThat(raw("GET / HTTP/1.0\r\nHost: localhost\r\n\r\n"), anyOf(is(""), containsString("HTTP/1.1 505")));
        String answer = raw("GET /" + "a".repeat(9_000) + " HTTP/1.1\r\nHost: localhost\r\n\r\n");
        assertThat(answer, anyOf(is(""), containsString("HTTP/1.1 414")));
        assertThat(node.get("/health").statusCode(), is(200));
    }

    /** The answer to a request on a bare socket; the server leaves closing to the caller. */
    private static String raw(String request) throws IOException {
        try (Socket socket = new Socket(InetAddress.getLoopbackAddress(), node.server.port())) {
            socket.setSoTimeout(10_000);
            OutputStream out = socket.getOutputStream();
            out.write(request.getBytes(StandardCharsets.ISO_8859_1));
            out.flush();
            InputStream in = socket.getInputStream();
            ByteArrayOutputStream answer = new ByteArrayOutputStream();
            for (int next = in.read(); next >= 0; next = in.read()) {
                answer.write(next);
                if (next == '}' || next == '>') {
                    String text = answer.toString(StandardCharsets.UTF_8);
                    Matcher length = CONTENT_LENGTH.matcher(text);
                    int body = text.indexOf("\r\n\r\n") + 4;
                    if (length.find() && text.length() - body >= Integer.parseInt(length.group(1))) {
                        return text;
                    }
                }
            }
            return answer.toString(StandardCharsets.UTF_8);
        }
    }
}
