package io.jofka.tests.launcher;

import static org.hamcrest.MatcherAssert.assertThat;
import static org.hamcrest.Matchers.containsString;
import static org.hamcrest.Matchers.is;
import static org.hamcrest.Matchers.not;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import io.jofka.tests.harness.Await;
import io.jofka.tests.harness.Commands;
import io.jofka.tests.harness.Folders;
import io.jofka.tests.harness.Ports;
import io.jofka.tests.harness.Rest;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Queue;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/** {@code ./jofka up --nodes 3} and what follows, by script. */
@Tag("cluster")
class LauncherIT {
    private static final Duration DEADLINE = Duration.ofMinutes(6);

    private final Path scratch = Folders.temporary("launcher");
    private final Path folder = scratch.resolve("cluster");
    private int rest;
    private int kafka;
    private int peer;

    @BeforeEach
    void choosePorts() {
        assumeTrue(Commands.find("curl").isPresent(), "the launcher needs curl to see whether a node is ready");
        rest = Ports.free();
        kafka = Ports.free();
        peer = Ports.pair();
    }

    @AfterEach
    void down() {
        if (Files.exists(folder.resolve("id"))) {
            jofka("down", "--wipe");
        }
        Folders.delete(scratch);
    }

    private Commands.Result jofka(String... arguments) {
        List<String> command = new ArrayList<>();
        command.add(Folders.root().resolve("jofka").toString());
        command.addAll(Arrays.asList(arguments));
        command.addAll(List.of("--dir", folder.toString()));
        return Commands.run(DEADLINE, command, new byte[0], Map.of("JOFKA_HEAP", "256m"), Folders.root());
    }

    private Commands.Result up(String... shape) {
        List<String> arguments = new ArrayList<>(List.of("up"));
        arguments.addAll(Arrays.asList(shape));
        arguments.addAll(List.of(
                "--rest-port",
                Integer.toString(rest),
                "--kafka-port",
                Integer.toString(kafka),
                "--peer-port",
                Integer.toString(peer)));
        return jofka(arguments.toArray(String[]::new));
    }

    private Rest node(int place) {
        return new Rest(URI.create("http://127.0.0.1:" + (rest + 10 * place)), Duration.ofSeconds(20));
    }

    private String state(int node) {
        return jofka("status")
                .orFail()
                .lines()
                .filter(line -> line.startsWith(node + " "))
                .map(line -> line.split(" +", -1)[2])
                .findFirst()
                .orElse("absent");
    }

    @Test
    void threeNodesComeUpAreRestartedUnderLoadAndGoDown() throws Exception {
        up("--nodes", "3").orFail();
        String status = jofka("status").orFail();
        assertThat(status, containsString("http://127.0.0.1:" + rest));
        String again = up("--nodes", "3").orFail();
        assertThat("up again changes nothing", again, is(status));
        assertThat(up("--nodes", "5").err(), containsString("has 3 nodes, not 5"));

        node(0).post("/topics", "{\"name\":\"t\",\"partitions\":6,\"replicationFactor\":3}")
                .orFail();
        AtomicBoolean running = new AtomicBoolean(true);
        AtomicInteger done = new AtomicInteger();
        Queue<String> failed = new ConcurrentLinkedQueue<>();
        CompletableFuture<Void> load = CompletableFuture.runAsync(() -> {
            // the node that is restarted is not called by itself, but leads a third of the partitions
            for (int i = 0; running.get(); i++) {
                Rest.Answer answer = node(i % 2 == 0 ? 0 : 2)
                        .post("/topics/t/records", "{\"records\":[{\"key\":\"" + i + "\",\"value\":" + i + "}]}");
                if (answer.status() != 200) {
                    failed.add(answer.status() + " " + answer.text());
                }
                done.incrementAndGet();
            }
        });
        jofka("restart", "2").orFail();
        int restarted = done.get();
        Await.until(DEADLINE, "calls after the restart", () -> done.get() > restarted + 100 || load.isDone());
        running.set(false);
        load.join();
        assertThat(failed.toString(), failed.isEmpty(), is(true));

        jofka("pause", "3").orFail();
        assertThat(state(3), is("paused"));
        jofka("resume", "3").orFail();
        jofka("kill", "1").orFail();
        Await.until(DEADLINE, "node 1 is down", () -> state(1).equals("down"));
        jofka("start", "1").orFail();
        assertThat(state(1), is("ready"));
        jofka("down").orFail();
        for (int id = 1; id <= 3; id++) {
            assertThat(state(id), is("down"));
        }
    }

    @Test
    void controllersAndBrokersApart() {
        up("--controllers", "3", "--brokers", "3").orFail();
        String status = jofka("status").orFail();
        assertThat(status, containsString("controller"));
        assertThat(status, not(containsString("down")));
        Rest broker = node(3);
        broker.post("/topics", "{\"name\":\"t\",\"partitions\":3,\"replicationFactor\":3}")
                .orFail();
        broker.post("/topics/t/records", "{\"records\":[{\"value\":1}]}").orFail();
    }

    @Test
    void aTakenPortIsToldBeforeAnythingStarts() throws Exception {
        try (ServerSocket _ = new ServerSocket(kafka + 10, 5, InetAddress.getLoopbackAddress())) {
            Commands.Result refused = up("--nodes", "3");
            assertThat(refused.exit(), is(1));
            assertThat(refused.err(), containsString("these ports are taken by other programs: " + (kafka + 10)));
            assertThat(state(1), is("down"));
        }
    }

    @Test
    void aForeignProcessWithTheSamePidIsNeverTouched() throws Exception {
        Path node = Files.createDirectories(folder.resolve("node-1"));
        Files.writeString(folder.resolve("id"), "local-test");
        Files.writeString(node.resolve("settings"), "-Dserver.roles=both\n-Dserver.port=" + rest + "\n");
        Files.writeString(node.resolve("pid"), ProcessHandle.current().pid() + " Thu_Jan_1_00:00:00_1970\n");
        assertThat(state(1), is("down"));
        assertThat(jofka("kill", "1").err(), containsString("node 1 does not run"));
        jofka("down").orFail();
    }

    @Test
    void aSecondLauncherWaitsAndThenSaysWhoWorks() throws Exception {
        Files.createDirectories(folder);
        Files.writeString(folder.resolve("id"), "local-test");
        Path lock = Files.createDirectories(folder.resolveSibling("cluster.lock"));
        Files.writeString(lock.resolve("pid"), ProcessHandle.current().pid() + "\n");
        Commands.Result refused = jofka("down");
        assertThat(refused.exit(), is(1));
        assertThat(refused.err(), containsString("another launcher"));
        Files.writeString(lock.resolve("pid"), "999999999\n");
        jofka("down").orFail();
        assertThat(Files.exists(lock), is(false));
    }
}
