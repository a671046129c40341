package io.jofka.tests.bench;

import io.jofka.tests.harness.Commands;
import io.jofka.tests.harness.Folders;
import io.jofka.tests.harness.KafkaNode;
import io.jofka.tests.harness.NodeOptions;
import io.jofka.tests.harness.NodeProcess;
import io.jofka.tests.harness.Server;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Consumer;

/**
 * Measures this node and, when asked, a real Kafka beside it, interleaved run by run. See tests/README.md.
 *
 * <p>usage: Bench [kafka] [nonode] [runs=5] [warm=3] [scale=1] [seconds=8] [sizes=1024,100] [parts=1,12] [out=FILE]
 * WHAT..., where WHAT is produce, consume, latency, rest or startup
 */
public final class Bench {
    private static final int HEAP_MIB = 1024;

    private final BenchOptions options;
    private final List<BenchTarget> targets = new ArrayList<>();
    private final Path scratch = Folders.temporary("bench");
    private final Path out;
    private final Figures figures;

    private Bench(String[] args) {
        options = new BenchOptions(args);
        out = options.out(Folders.root().resolve("tests/results/figures.tsv"));
        figures = new Figures(out);
    }

    public static void main(String[] args) throws Exception {
        Bench bench = new Bench(args);
        List<Server> servers = new ArrayList<>();
        try {
            bench.startServers(servers);
            bench.measure();
        } finally {
            servers.forEach(Server::close);
            Folders.delete(bench.scratch);
        }
        System.out.println(FigureTable.render(Files.readAllLines(bench.out)));
    }

    private void startServers(List<Server> servers) {
        boolean load =
                options.has("produce") || options.has("consume") || options.has("latency") || options.has("rest");
        if (options.has("kafka") && load) {
            KafkaNode kafka = KafkaNode.start(HEAP_MIB, Map.of());
            servers.add(kafka);
            targets.add(new BenchTarget("kafka", kafka, Optional.empty(), 1, Map.of()));
        }
        if (!options.has("nonode") && load) {
            NodeOptions fresh = NodeOptions.fresh("bench").withHeap(HEAP_MIB);
            for (String argument :
                    options.text("jvm", "-Xms1024m -XX:+UseSerialGC").split(" ", -1)) {
                fresh = fresh.withJvm(argument);
            }
            NodeProcess node = NodeProcess.start(fresh);
            servers.add(node);
            targets.add(
                    new BenchTarget("jofka", node, Optional.of(node.rest()), 1, Map.of("durability", "replicated")));
            targets.add(
                    new BenchTarget("jofka-forced", node, Optional.of(node.rest()), 1, Map.of("durability", "forced")));
        }
    }

    private List<Integer> numbers(String name, String otherwise) {
        return Arrays.stream(options.text(name, otherwise).split(",", -1))
                .map(Integer::valueOf)
                .toList();
    }

    private void each(Consumer<BenchTarget> work) {
        for (BenchTarget target : targets) {
            sync();
            work.accept(target);
        }
    }

    /** Else the page cache of one run is written to the disk during the next, at the expense of another server. */
    static void sync() {
        Commands.run(Duration.ofMinutes(1), List.of("sync")).orFail();
    }

    private void measure() {
        int runs = options.number("runs", 5);
        KafkaLoad kafka = new KafkaLoad(figures, scratch, Double.parseDouble(options.text("scale", "1")));
        warmUp(kafka);
        if (options.has("produce")) {
            for (int size : numbers("sizes", "1024,100")) {
                for (int partitions : numbers("parts", "1,12")) {
                    for (int run = 0; run < runs; run++) {
                        each(target -> kafka.produce(target, size, partitions));
                    }
                }
            }
        }
        if (options.has("consume")) {
            consume(kafka, runs);
        }
        if (options.has("latency")) {
            OpenLoop loop = new OpenLoop(figures);
            for (int run = 0; run < runs; run++) {
                each(target -> loop.run(target, 10_000, 100, options.number("latency-seconds", 15)));
            }
        }
        if (options.has("rest")) {
            rest(kafka, runs);
        }
        if (options.has("startup")) {
            for (int run = 0; run < options.number("starts", 10); run++) {
                new Startup(figures).run();
            }
        }
    }

    /** The first minutes of a server and of the page cache are not what is measured. */
    private void warmUp(KafkaLoad kafka) {
        figures.recording(false);
        for (int round = 0; round < options.number("warm", 3); round++) {
            each(target -> kafka.produce(target, 1024, 12));
            each(target -> kafka.produce(target, 100, 1));
        }
        figures.recording(true);
    }

    private void consume(KafkaLoad kafka, int runs) {
        for (int size : numbers("sizes", "1024,100")) {
            for (int partitions : numbers("parts", "1,12")) {
                Map<BenchTarget, String> topics = new HashMap<>();
                List<BenchTarget> once = targets.stream()
                        .filter(target -> !target.name().equals("jofka-forced"))
                        .toList();
                once.forEach(target -> topics.put(target, kafka.fill(target, size, partitions)));
                // both servers' compilers go on for a minute: that is not what serving costs
                for (int run = -options.number("consume-warm", 10); run < runs; run++) {
                    figures.recording(run >= 0);
                    topics.forEach((target, topic) -> kafka.consume(target, topic, size, partitions));
                }
                topics.forEach(BenchTarget::deleteTopic);
            }
        }
    }

    private void rest(KafkaLoad kafka, int runs) {
        RestLoad load = new RestLoad(figures, scratch, options.number("seconds", 8));
        List<BenchTarget> served =
                targets.stream().filter(target -> target.rest().isPresent()).toList();
        for (int run = -1; run < runs; run++) {
            figures.recording(run >= 0);
            for (BenchTarget target : served) {
                load.json(target, 100, 1, 1);
                load.json(target, 100, 1, 32);
                load.json(target, 100, 100, 32);
                load.json(target, 1024, 100, 32);
                load.batches(target, 1024, 15, 8);
                load.batches(target, 1024, 250, 8);
            }
        }
        BenchTarget target = served.getFirst();
        for (int size : numbers("sizes", "1024,100")) {
            String topic = kafka.fill(target, size, 1);
            for (int run = -1; run < runs; run++) {
                figures.recording(run >= 0);
                load.read(target, topic, size, "records", 1);
                load.read(target, topic, size, "batches", 1);
                load.stream(target, topic, size, size <= 256 ? 1_000_000 : 250_000);
            }
            target.deleteTopic(topic);
        }
    }
}
