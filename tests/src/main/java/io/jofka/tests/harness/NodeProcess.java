package io.jofka.tests.harness;

import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * A node of this project as a real process. Its output is kept in {@code tests/target/nodes}; its data folder is removed
 * by {@link #close}, which also kills it. It never outlives this JVM.
 */
public final class NodeProcess implements Server {
    private static final Pattern READY = Pattern.compile("\\bready rest=(\\S+) kafka=([^\\s/]+)");

    private final NodeOptions options;
    private final ServerProcess server;
    private final URI rest;
    private final String kafka;

    private NodeProcess(NodeOptions options, ServerProcess server, URI rest, String kafka) {
        this.options = options;
        this.server = server;
        this.rest = rest;
        this.kafka = kafka;
    }

    /** Starts a node on a fresh data folder and awaits its ready line. */
    public static NodeProcess start(String name) {
        return start(NodeOptions.fresh(name));
    }

    /** Starts a node and awaits its ready line. */
    public static NodeProcess start(NodeOptions options) {
        ServerProcess server = launch(options);
        String line = server.awaitReady(options.startWithin());
        Matcher match = READY.matcher(line);
        if (!match.find()) {
            throw new IllegalStateException(line);
        }
        return new NodeProcess(options, server, URI.create(match.group(1)), match.group(2));
    }

    /** Starts a node that is expected not to come up; the text of its log when it has ended. */
    public static String startRefused(NodeOptions options, Duration deadline) {
        ServerProcess server = launch(options);
        Await.until(deadline, () -> "the node to give up; " + server.tail(), () -> !server.alive());
        return server.tail();
    }

    private static ServerProcess launch(NodeOptions options) {
        Path jar = jar();
        List<String> command = new ArrayList<>();
        command.add(Path.of(System.getProperty("java.home"), "bin", "java").toString());
        command.add("-Xmx" + options.heapMiB() + "m");
        command.add("--enable-native-access=ALL-UNNAMED");
        command.add("--sun-misc-unsafe-memory-access=allow");
        command.addAll(options.jvm());
        command.add("-Djofka.data-dir=" + options.data());
        command.add("-Dserver.port=" + options.restPort());
        command.add("-Djofka.kafka.port=" + options.kafkaPort());
        options.properties().forEach((key, value) -> command.add("-D" + key + "=" + value));
        command.add("-jar");
        command.add(jar.toString());
        return ServerProcess.start(
                options.name(),
                command,
                options.environment(),
                line -> READY.matcher(line).find());
    }

    private static Path jar() {
        String given = System.getProperty("jofka.node.jar");
        Path jar = given == null ? Folders.root().resolve("node/target/jofka-node.jar") : Path.of(given);
        if (!Files.exists(jar)) {
            throw new AssertionError("no node at " + jar + ": build it first (mvn -DskipTests package)");
        }
        return jar.toAbsolutePath().normalize();
    }

    @Override
    public String name() {
        return options.name();
    }

    public URI rest() {
        return rest;
    }

    /** A client of its REST API. */
    public Rest api() {
        return new Rest(rest);
    }

    @Override
    public String kafka() {
        return kafka;
    }

    @Override
    public long pid() {
        return server.pid();
    }

    public NodeOptions options() {
        return options;
    }

    public boolean alive() {
        return server.alive();
    }

    /** From the start of the process to its ready line. */
    public Duration readyAfter() {
        return server.readyAfter();
    }

    public ProcessFigures figures() {
        return ProcessFigures.of(pid());
    }

    /** The last lines it printed. */
    public String logTail() {
        return server.tail();
    }

    public Path logFile() {
        return server.log();
    }

    /** SIGKILL. */
    public void kill() {
        server.kill();
    }

    /** SIGTERM; the exit code. */
    public int stop() {
        return server.terminate(Duration.ofSeconds(30));
    }

    /** SIGSTOP: the process stands still, its sockets stay open. */
    public void pause() {
        server.signal("STOP");
    }

    /** SIGQUIT: the JVM writes its threads, and what locks they hold, to the log. */
    public void dumpThreads() {
        server.signal("QUIT");
    }

    /** SIGCONT. */
    public void resume() {
        server.signal("CONT");
    }

    /** The same node once more, after it ended: same data, same ports. */
    public NodeProcess again() {
        return start(options);
    }

    @Override
    public void close() {
        server.kill();
        Folders.delete(options.data());
    }
}
