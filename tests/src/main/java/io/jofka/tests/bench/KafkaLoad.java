package io.jofka.tests.bench;

import io.jofka.tests.harness.Commands;
import io.jofka.tests.harness.Folders;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** Produce and consume over the Kafka protocol: Kafka's own producer tool, and a consumer without a group. */
final class KafkaLoad {
    private static final Duration DEADLINE = Duration.ofMinutes(5);
    private static final Pattern PRODUCED =
            Pattern.compile("([0-9.]+) records/sec \\(([0-9.]+) MB/sec\\).*?([0-9.]+) ms avg latency");
    private static final double MIB = 1024.0 * 1024.0;

    private final Figures figures;
    private final Path scratch;
    private final double scale;

    KafkaLoad(Figures figures, Path scratch, double scale) {
        this.figures = figures;
        this.scratch = scratch;
        this.scale = scale;
    }

    private int records(int size) {
        return (int) ((size <= 256 ? 1_000_000 : 250_000) * scale);
    }

    /** One run of the producer tool, a fifth of it warm-up that does not count. */
    void produce(BenchTarget target, int size, int partitions) {
        String topic = target.createTopic(partitions);
        int counted = records(size);
        int warm = counted / 5;
        double cpuBefore = target.cpuSeconds();
        String out = perf(
                target,
                topic,
                counted + warm,
                size,
                List.of("--warmup-records", Integer.toString(warm)),
                Map.of("acks", "all"));
        double cpu = target.cpuSeconds() - cpuBefore;
        target.deleteTopic(topic);
        Matcher match = last(out);
        String config = "size=" + size + ",parts=" + partitions + ",acks=all";
        figures.add(target.name(), "produce_mb", config, Double.parseDouble(match.group(2)), "MB/s");
        figures.add(target.name(), "produce_rate", config, Double.parseDouble(match.group(1)), "rec/s");
        figures.add(target.name(), "produce_saturated_latency", config, Double.parseDouble(match.group(3)), "ms avg");
        figures.add(
                target.name(),
                "produce_cpu_per_mb",
                config,
                cpu * 1000 / ((counted + warm) * (double) size / MIB),
                "ms/MB");
    }

    /** Fills a topic for {@link #consume}. */
    String fill(BenchTarget target, int size, int partitions) {
        String topic = target.createTopic(partitions);
        perf(
                target,
                topic,
                records(size) * 3,
                size,
                List.of(),
                Map.of("acks", "1", "batch.size", "65536", "linger.ms", "20"));
        return topic;
    }

    void consume(BenchTarget target, String topic, int size, int partitions) {
        double cpuBefore = target.cpuSeconds();
        String out = Commands.run(
                        DEADLINE,
                        List.of(
                                java(),
                                "-Xms512m",
                                "-Xmx512m",
                                "-cp",
                                System.getProperty("java.class.path"),
                                AssignConsumer.class.getName(),
                                target.server().kafka(),
                                topic,
                                Integer.toString(partitions)))
                .orFail();
        double cpu = target.cpuSeconds() - cpuBefore;
        String[] fields = out.strip().split("\t", -1);
        String config = "size=" + size + ",parts=" + partitions;
        double bytes = Double.parseDouble(fields[1]);
        double seconds = Double.parseDouble(fields[2]);
        figures.add(target.name(), "consume_mb", config, bytes / MIB / seconds, "MB/s");
        figures.add(target.name(), "consume_rate", config, Double.parseDouble(fields[0]) / seconds, "rec/s");
        figures.add(target.name(), "consume_cpu_per_mb", config, cpu * 1000 / (bytes / MIB), "ms/MB");
    }

    private String perf(
            BenchTarget target, String topic, int count, int size, List<String> more, Map<String, String> properties) {
        List<String> command = new ArrayList<>(List.of(
                java(),
                "-Xms512m",
                "-Xmx512m",
                "-cp",
                Folders.target().resolve("kafka/tools") + "/*",
                "org.apache.kafka.tools.ProducerPerformance",
                "--bootstrap-server",
                target.server().kafka(),
                "--topic",
                topic,
                "--num-records",
                Integer.toString(count),
                "--payload-file",
                Payloads.file(scratch, size).toString(),
                "--throughput",
                "-1",
                "--reporting-interval",
                "600000"));
        command.addAll(more);
        command.add("--command-property");
        properties.forEach((key, value) -> command.add(key + "=" + value));
        return Commands.run(DEADLINE, command).orFail();
    }

    private static Matcher last(String out) {
        String line = out.lines()
                .filter(each -> each.contains("records sent"))
                .reduce((first, second) -> second)
                .orElse(out);
        Matcher match = PRODUCED.matcher(line);
        if (!match.find()) {
            throw new IllegalStateException("not the output of ProducerPerformance: " + out);
        }
        return match;
    }

    static String java() {
        return Path.of(System.getProperty("java.home"), "bin", "java").toString();
    }
}
