package io.jofka.tests.faults;

import com.fasterxml.jackson.databind.node.ObjectNode;
import io.jofka.tests.faults.Plan.Kind;
import io.jofka.tests.harness.ClusterProcess;
import io.jofka.tests.harness.Folders;
import io.jofka.tests.harness.Rest;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Set;

/**
 * Random faults, one at a time and in pairs, against three real nodes under load; each seed is a run on a topic of its
 * own with the judgement of {@link FaultRun}. A cluster on which a run had a problem is not used for the next one. The
 * report goes to {@code tests/target/faults} as JSON, one line a run, and as a table.
 */
public final class FaultBench {
    private static final int NODES = 3;

    private final int lengthMs;
    private final Set<Kind> kinds;
    private final Path folder = Folders.target().resolve("faults");
    private final List<Result> results = new ArrayList<>();

    /** @param lengthMs how long the faults of a run go on, about */
    public FaultBench(int lengthMs, Set<String> kinds) {
        this.lengthMs = lengthMs;
        this.kinds = kinds.isEmpty()
                ? Set.of(Kind.values())
                : Set.copyOf(kinds.stream()
                        .map(kind -> Kind.valueOf(kind.toUpperCase(Locale.ROOT)))
                        .toList());
    }

    /** One run. */
    public record Result(long seed, List<String> faults, FaultRun.Report report) {
        public Result {
            faults = List.copyOf(faults);
        }
    }

    /** Runs the seeds {@code first}, {@code first + 1}, ... and returns what came of each. */
    public List<Result> run(long first, int count) {
        ClusterProcess cluster = null;
        try {
            Files.createDirectories(folder);
            Files.deleteIfExists(folder.resolve("report.jsonl"));
            for (long seed = first; seed < first + count; seed++) {
                if (cluster == null) {
                    cluster = ClusterProcess.startRelayed("faults", NODES);
                }
                Result result = one(cluster, seed);
                results.add(result);
                write(result);
                System.out.println(row(result));
                if (!result.report().problems().isEmpty()) {
                    cluster.close();
                    cluster = null;
                }
            }
            Files.writeString(folder.resolve("report.txt"), table());
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        } finally {
            if (cluster != null) {
                cluster.close();
            }
        }
        return List.copyOf(results);
    }

    private Result one(ClusterProcess cluster, long seed) {
        Plan plan = Plan.of(seed, lengthMs, kinds);
        String topic = "seed-" + seed;
        Nemesis nemesis = new Nemesis(cluster, topic);
        try {
            FaultRun.Report report = FaultRun.under(cluster, topic, () -> nemesis.carryOut(plan));
            return new Result(seed, nemesis.done(), report.withProblems(nemesis.problems()));
        } catch (AssertionError e) {
            List<String> problems = new ArrayList<>(nemesis.problems());
            problems.add(String.valueOf(e.getMessage()));
            return new Result(seed, nemesis.done(), FaultRun.Report.failed(topic, problems));
        }
    }

    private void write(Result result) throws IOException {
        ObjectNode json = Rest.JSON.createObjectNode();
        FaultRun.Report report = result.report();
        json.put("seed", result.seed());
        result.faults().forEach(json.putArray("faults")::add);
        json.put("records", report.records())
                .put("acknowledged", report.acked())
                .put("refused", report.refused())
                .put("unknown", report.unknown())
                .put("servedAfterMs", report.servedAfterMs())
                .put("inSyncAfterMs", report.inSyncAfterMs());
        report.longestGapMs().forEach(json.putObject("longestGapMs")::put);
        report.problems().forEach(json.putArray("problems")::add);
        Files.writeString(
                folder.resolve("report.jsonl"),
                Rest.text(json) + "\n",
                java.nio.file.StandardOpenOption.CREATE,
                java.nio.file.StandardOpenOption.APPEND);
    }

    private static String row(Result result) {
        FaultRun.Report report = result.report();
        return String.format(
                Locale.ROOT,
                "%-12d %8d %8d %8d %8d %9d %9d %9d  %-10s %s",
                result.seed(),
                report.records(),
                report.acked(),
                report.refused(),
                report.unknown(),
                report.worstGapMs(),
                report.servedAfterMs(),
                report.inSyncAfterMs(),
                report.problems().isEmpty() ? "clean" : "PROBLEM",
                String.join("; ", result.faults())
                        + (report.problems().isEmpty() ? "" : "\n  " + String.join("\n  ", report.problems())));
    }

    /** The results so far, for people. */
    public String table() {
        StringBuilder table = new StringBuilder(String.format(
                Locale.ROOT,
                "%-12s %8s %8s %8s %8s %9s %9s %9s  %-10s %s%n",
                "seed",
                "records",
                "acked",
                "refused",
                "unknown",
                "gap ms",
                "served ms",
                "sync ms",
                "verdict",
                "faults"));
        results.forEach(result -> table.append(row(result)).append('\n'));
        long bad = results.stream()
                .filter(result -> !result.report().problems().isEmpty())
                .count();
        return table.append(results.size() + " seeds, " + bad + " with problems\n")
                .toString();
    }
}
