package io.jofka.node.rest.data;

import static org.hamcrest.MatcherAssert.assertThat;
import static org.hamcrest.Matchers.greaterThan;
import static org.hamcrest.Matchers.is;

import io.jofka.node.rest.admin.ContractCheck;
import io.micrometer.core.instrument.Gauge;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.TreeSet;
import java.util.function.BooleanSupplier;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

class DataMetricsTest {
    private DataServer server = new DataServer();

    @BeforeEach
    void topics() {
        server.topic("t", 1);
    }

    @AfterEach
    void stop() {
        server.close();
    }

    private double requests(String operation, String status) {
        return server.metrics
                .get("jofka.rest.data.requests")
                .tags("operation", operation, "status", status)
                .functionCounter()
                .count();
    }

    private double moved(String what, String direction) {
        return server.metrics
                .get("jofka.rest.data." + what)
                .tag("direction", direction)
                .functionCounter()
                .count();
    }

    private double refusals(String limit) {
        return server.metrics
                .get("jofka.rest.data.refusals")
                .tag("limit", limit)
                .functionCounter()
                .count();
    }

    private double taken(String limit) {
        Gauge gauge =
                server.metrics.get("jofka.rest.data.taken").tag("limit", limit).gauge();
        return gauge.value();
    }

    /** The caller has its answer a moment before the request ends. */
    private static void await(BooleanSupplier condition) {
        long deadline = System.nanoTime() + Duration.ofSeconds(10).toNanos();
        while (!condition.getAsBoolean() && System.nanoTime() < deadline) {
            Thread.onSpinWait();
        }
        assertThat(condition.getAsBoolean(), is(true));
    }

    @Test
    void requestsRecordsAndBytesAreCounted() {
        server.post("/topics/t/records", "{\"records\":[{\"value\":1},{\"value\":2}]}");
        server.post("/topics/t/records", "{\"value\":3}\n{\"value\":\n", "Content-Type", "application/x-ndjson");
        server.post("/topics/t/records", "{");
        server.post("/topics/none/records/raw", "x");
        server.get("/topics/t/partitions/0/records?maxRecords=2");
        await(() -> requests("readPartition", "2xx") == 1);
        await(() -> requests("produceRecords", "2xx") == 2);
        await(() -> requests("produceRecords", "4xx") == 1);
        await(() -> requests("produceBytes", "4xx") == 1);
        assertThat(moved("records", "in"), is(3.0));
        assertThat(moved("records", "out"), is(2.0));
        assertThat(moved("bytes", "in"), greaterThan(2 * 61.0));
        assertThat(moved("bytes", "out"), greaterThan(61.0));
        server.get("/topics/t/partitions/0/batches");
        await(() -> moved("bytes", "out") > moved("bytes", "in"));
    }

    @Test
    void aRepeatThatTheLogKnowsIsNotCountedAgain() {
        String[] producer = {"Producer-Id", "5", "Producer-Epoch", "0", "Producer-Seq", "0"};
        for (int i = 0; i < 2; i++) {
            server.post("/topics/t/partitions/0/records", "{\"records\":[{\"value\":1}]}", producer);
        }
        assertThat(moved("records", "in"), is(1.0));
    }

    @Test
    void limitsThatRefuseAreCounted() {
        server.post("/topics/t/records", "{\"records\":[{\"value\":\"" + "x".repeat(1_100_000) + "\"}]}");
        server.post("/topics/t/records", new byte[(32 << 20) + 1]);
        await(() -> refusals("body") == 1);
        assertThat(refusals("record"), is(1.0));
        assertThat(refusals("tails"), is(0.0));
    }

    @Test
    void openTailsAndWaitingReadsAreSeen() throws IOException {
        String records = "GET /api/v1/topics/t/";
        try (Socket tail = server.connect(records + "records HTTP/1.1", "Accept: text/event-stream");
                Socket _ = server.connect(records + "partitions/0/records?waitMs=20000 HTTP/1.1", "Accept: */*")) {
            await(() -> taken("tails") == 1 && taken("longPolls") == 1);
            server.post("/topics/t/records", "{\"records\":[{\"value\":1}]}");
            await(() -> taken("longPolls") == 0);
            BufferedReader in =
                    new BufferedReader(new InputStreamReader(tail.getInputStream(), StandardCharsets.UTF_8));
            assertThat(in.readLine(), is("HTTP/1.1 200 OK"));
        }
        server.post("/topics/t/records", "{\"records\":[{\"value\":1}]}");
        server.post("/topics/t/records", "{\"records\":[{\"value\":1}]}");
        await(() -> taken("requests") == 0);
    }

    @Test
    void operationsAreNamedAsInTheDocument() {
        TreeSet<String> ids = new TreeSet<>();
        new ContractCheck().contract().operations().forEach(operation -> ids.add(operation.id()));
        ids.add("none");
        server.metrics
                .get("jofka.rest.data.requests")
                .meters()
                .forEach(meter -> assertThat(
                        String.valueOf(meter.getId().getTag("operation")),
                        ids.contains(meter.getId().getTag("operation")),
                        is(true)));
    }
}
