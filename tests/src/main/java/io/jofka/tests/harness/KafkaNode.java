package io.jofka.tests.harness;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;

/**
 * A real Apache Kafka, one combined node, for comparisons only. Its jars come from the folder that
 * {@code tests/bench/prepare} fills.
 */
public final class KafkaNode implements Server {
    private final Path folder;
    private final List<String> command;
    private final String kafka;
    private ServerProcess server;

    private KafkaNode(Path folder, List<String> command, String kafka) {
        this.folder = folder;
        this.command = command;
        this.kafka = kafka;
        this.server = launch();
    }

    /** Whether the jars are there. */
    public static boolean prepared() {
        return Files.exists(jars().resolve(".complete"));
    }

    /** Formats a fresh folder and starts it with Kafka's own recommended JVM settings. */
    public static KafkaNode start(int heapMiB, Map<String, String> settings) {
        if (!prepared()) {
            throw new AssertionError("run tests/bench/prepare first");
        }
        Path folder = Folders.temporary("kafka");
        String kafka = "127.0.0.1:" + Ports.free();
        Path properties = properties(folder, kafka, settings);
        String id =
                storageTool("random-uuid").lines().reduce((first, last) -> last).orElseThrow();
        storageTool("format", "-t", id, "-c", properties.toString());
        return new KafkaNode(folder, command(folder, heapMiB, properties), kafka);
    }

    /** Kafka's own recommended JVM settings. */
    static List<String> command(Path folder, int heapMiB, Path properties) {
        Path logging = folder.resolve("log4j2.properties");
        write(
                logging,
                List.of(
                        "appender.out.type=Console",
                        "appender.out.name=out",
                        "appender.out.layout.type=PatternLayout",
                        "appender.out.layout.pattern=[%d] %p %m (%c)%n",
                        "rootLogger.level=INFO",
                        "rootLogger.appenderRef.out.ref=out"));
        return List.of(
                java(),
                "-Xms" + heapMiB + "m",
                "-Xmx" + heapMiB + "m",
                "-XX:+UseG1GC",
                "-XX:MaxGCPauseMillis=20",
                "-XX:InitiatingHeapOccupancyPercent=35",
                "-XX:+ExplicitGCInvokesConcurrent",
                "-Djava.awt.headless=true",
                "-Dlog4j2.configurationFile=" + logging,
                "-cp",
                jars() + "/*",
                "kafka.Kafka",
                properties.toString());
    }

    private static Path properties(Path folder, String kafka, Map<String, String> settings) {
        String controller = "127.0.0.1:" + Ports.free();
        List<String> lines = new ArrayList<>(List.of(
                "process.roles=broker,controller",
                "node.id=1",
                "controller.quorum.voters=1@" + controller,
                "listeners=PLAINTEXT://" + kafka + ",CONTROLLER://" + controller,
                "advertised.listeners=PLAINTEXT://" + kafka,
                "controller.listener.names=CONTROLLER",
                "listener.security.protocol.map=PLAINTEXT:PLAINTEXT,CONTROLLER:PLAINTEXT",
                "log.dirs=" + folder.resolve("data"),
                "offsets.topic.replication.factor=1",
                "transaction.state.log.replication.factor=1",
                "transaction.state.log.min.isr=1",
                "share.coordinator.state.topic.replication.factor=1",
                "share.coordinator.state.topic.min.isr=1",
                "default.replication.factor=1"));
        settings.forEach((key, value) -> lines.add(key + "=" + value));
        Path file = folder.resolve("server.properties");
        write(file, lines);
        return file;
    }

    static String storageTool(String... arguments) {
        List<String> command = new ArrayList<>(List.of(java(), "-cp", jars() + "/*", "kafka.tools.StorageTool"));
        command.addAll(List.of(arguments));
        return Commands.run(Duration.ofSeconds(60), command).orFail();
    }

    static String java() {
        return Path.of(System.getProperty("java.home"), "bin", "java").toString();
    }

    static void write(Path file, List<String> lines) {
        try {
            Files.write(file, lines);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    static Path jars() {
        return Folders.target().resolve("kafka/node");
    }

    private ServerProcess launch() {
        ServerProcess started =
                ServerProcess.start("kafka", command, Map.of(), line -> line.contains("Kafka Server started"));
        started.awaitReady(Duration.ofSeconds(90));
        return started;
    }

    @Override
    public String name() {
        return "kafka";
    }

    @Override
    public String kafka() {
        return kafka;
    }

    @Override
    public long pid() {
        return server.pid();
    }

    public Duration readyAfter() {
        return server.readyAfter();
    }

    /** SIGKILL, then the same node again on its data. */
    public void killAndRestart() {
        server.kill();
        server = launch();
    }

    @Override
    public void close() {
        server.kill();
        Folders.delete(folder);
    }
}
