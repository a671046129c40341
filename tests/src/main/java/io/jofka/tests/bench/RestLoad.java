package io.jofka.tests.bench;

import io.jofka.tests.harness.Commands;
import io.jofka.tests.harness.Folders;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;

/** The REST API under wrk: posts of one and of many records, of record batches, and reads. */
final class RestLoad {
    private static final double MIB = 1024.0 * 1024.0;

    private final Figures figures;
    private final Path scratch;
    private final int seconds;

    RestLoad(Figures figures, Path scratch, int seconds) {
        this.figures = figures;
        this.scratch = scratch;
        this.seconds = seconds;
    }

    void json(BenchTarget target, int size, int records, int connections) {
        String topic = target.createTopic(12);
        post(
                target,
                "/api/v1/topics/" + topic + "/records",
                Payloads.jsonBody(scratch, size, records),
                "application/json",
                "rest_json",
                "size=" + size + ",batch=" + records + ",conns=" + connections,
                records,
                size,
                connections);
        target.deleteTopic(topic);
    }

    void batches(BenchTarget target, int size, int records, int connections) {
        String topic = target.createTopic(1);
        post(
                target,
                "/api/v1/topics/" + topic + "/partitions/0/batches",
                Payloads.batchBody(scratch, size, records),
                "application/vnd.jofka.record-batches",
                "rest_batches",
                "size=" + size + ",batch=" + records + ",conns=" + connections,
                records,
                size,
                connections);
        target.deleteTopic(topic);
    }

    /** Reads pages of a filled one-partition topic, walking through it. */
    void read(BenchTarget target, String topic, int size, String what, int connections) {
        URI rest = target.rest().orElseThrow();
        double cpuBefore = target.cpuSeconds();
        Map<String, Double> seen = wrk(
                rest.resolve("/api/v1/topics/" + topic + "/partitions/0/" + what),
                connections,
                Map.of("SCRIPT_MODE", what, "STEP", size <= 256 ? "5000" : "900"),
                "read.lua");
        double cpu = target.cpuSeconds() - cpuBefore;
        String config = "size=" + size + ",conns=" + connections;
        figures.add(
                target.name(), "rest_read_" + what + "_mb", config, seen.getOrDefault("mb_per_s", 0.0), "MB/s of body");
        figures.add(
                target.name(), "rest_read_" + what + "_rate", config, seen.getOrDefault("records_per_s", 0.0), "rec/s");
        figures.add(
                target.name(), "rest_read_" + what + "_errors", config, seen.getOrDefault("errors", 0.0), "requests");
        figures.add(target.name(), "rest_read_" + what + "_cpu", config, cpu / seconds * 100, "% of a core");
    }

    /** Reads the whole topic as one NDJSON stream. */
    void stream(BenchTarget target, String topic, int size, long records) {
        URI rest = target.rest().orElseThrow();
        String url = rest.resolve("/api/v1/topics/" + topic + "/records?from=earliest")
                .toString();
        long started = System.nanoTime();
        Commands.run(
                        Duration.ofMinutes(3),
                        List.of(
                                "bash",
                                "-c",
                                "curl -sN -H 'Accept: application/x-ndjson' '" + url + "' | head -n " + records
                                        + " | tail -n 1 > " + scratch.resolve("stream-end")))
                .orFail();
        double took = (System.nanoTime() - started) / 1e9;
        figures.add(target.name(), "rest_stream_ndjson", "size=" + size, records / took, "rec/s");
    }

    private void post(
            BenchTarget target,
            String path,
            Path body,
            String type,
            String metric,
            String config,
            int records,
            int size,
            int connections) {
        double cpuBefore = target.cpuSeconds();
        Map<String, Double> seen = wrk(
                target.rest().orElseThrow().resolve(path),
                connections,
                Map.of("BODY", body.toString(), "TYPE", type),
                "post.lua");
        double cpu = target.cpuSeconds() - cpuBefore;
        double perSecond = seen.getOrDefault("requests_per_s", 0.0);
        figures.add(target.name(), metric + "_requests", config, perSecond, "req/s");
        figures.add(target.name(), metric + "_rate", config, perSecond * records, "rec/s");
        figures.add(target.name(), metric + "_mb", config, perSecond * records * size / MIB, "MB/s of values");
        figures.add(target.name(), metric + "_p50", config, seen.getOrDefault("p50_ms", 0.0), "ms");
        figures.add(target.name(), metric + "_p99", config, seen.getOrDefault("p99_ms", 0.0), "ms");
        figures.add(target.name(), metric + "_errors", config, seen.getOrDefault("errors", 0.0), "requests");
        figures.add(target.name(), metric + "_cpu", config, cpu / seconds * 100, "% of a core");
    }

    private Map<String, Double> wrk(URI url, int connections, Map<String, String> environment, String script) {
        Path lua = Folders.root().resolve("tests/bench/lua").resolve(script);
        String out = Commands.run(
                        Duration.ofSeconds(seconds + 60L),
                        List.of(
                                "wrk",
                                "-t1",
                                "-c" + connections,
                                "-d" + seconds + "s",
                                "--timeout",
                                "10s",
                                "--latency",
                                "-s",
                                lua.toString(),
                                url.toString()),
                        new byte[0],
                        environment,
                        scratch)
                .orFail();
        Map<String, Double> seen = new java.util.LinkedHashMap<>();
        for (String line :
                out.lines().filter(each -> each.startsWith("figure\t")).toList()) {
            String[] fields = line.split("\t", -1);
            seen.put(fields[1], Double.valueOf(fields[2]));
        }
        if (seen.getOrDefault("errors", 0.0) > 0) {
            try {
                Files.writeString(scratch.resolve("wrk-errors.txt"), out);
            } catch (IOException e) {
                throw new UncheckedIOException(e);
            }
            System.err.println("errors under wrk " + url + ":\n" + out);
        }
        return seen;
    }
}
