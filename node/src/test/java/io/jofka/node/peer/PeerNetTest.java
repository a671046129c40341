package io.jofka.node.peer;

import static org.hamcrest.MatcherAssert.assertThat;
import static org.hamcrest.Matchers.containsString;
import static org.hamcrest.Matchers.greaterThan;
import static org.hamcrest.Matchers.instanceOf;
import static org.hamcrest.Matchers.is;
import static org.hamcrest.Matchers.lessThan;
import static org.junit.jupiter.api.Assertions.assertThrows;

import io.jofka.node.common.Net;
import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.net.SocketTimeoutException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

final class PeerNetTest {
    private static final String HOST = InetAddress.getLoopbackAddress().getHostAddress();
    private static final int TIMEOUT_MS = 10_000;

    private final Map<Integer, PeerAddress> book = new HashMap<>();
    private final List<PeerNet> opened = new ArrayList<>();

    @AfterEach
    void close() {
        opened.forEach(PeerNet::close);
    }

    private PeerNet node(int id, String cluster, int port, int bulkPort, int maxServing) throws IOException {
        PeerConfig base = PeerConfig.defaults(id, cluster, HOST, port, bulkPort);
        PeerNet net = new PeerNet(
                new PeerConfig(
                        id,
                        cluster,
                        HOST,
                        port,
                        bulkPort,
                        base.maxControlBytes(),
                        base.maxBulkBytes(),
                        maxServing,
                        base.maxServingBytes(),
                        base.maxAsking(),
                        4),
                node -> Optional.ofNullable(book.get(node)));
        opened.add(net);
        for (Net.Call call : List.of(Net.Call.COMMAND, Net.Call.FETCH)) {
            net.serve(call, (from, bytes) -> answer(from, bytes));
        }
        net.open();
        book.put(id, net.address());
        return net;
    }

    private static CompletableFuture<byte[]> answer(int from, byte[] bytes) {
        String text = new String(bytes, StandardCharsets.UTF_8);
        return switch (text.length() > 20 ? "" : text) {
            case "throw" -> throw new IllegalArgumentException("thrown");
            case "fail" -> CompletableFuture.failedFuture(new IllegalStateException("failed"));
            case "never" -> new CompletableFuture<>();
            case "slow" ->
                new CompletableFuture<byte[]>().completeOnTimeout(bytes("slow"), 1_500, TimeUnit.MILLISECONDS);
            case "huge" -> CompletableFuture.completedFuture(new byte[80 << 20]);
            case "large" -> CompletableFuture.completedFuture(new byte[20 << 20]);
            default -> CompletableFuture.completedFuture((from + ":" + bytes.length).getBytes(StandardCharsets.UTF_8));
        };
    }

    private static String ask(PeerNet net, int to, Net.Call call, byte[] body) throws Exception {
        return new String(net.call(to, call, body, TIMEOUT_MS).get(20, TimeUnit.SECONDS), StandardCharsets.UTF_8);
    }

    private static byte[] bytes(String text) {
        return text.getBytes(StandardCharsets.UTF_8);
    }

    private static Throwable failure(CompletableFuture<byte[]> call) throws Exception {
        try {
            call.get(20, TimeUnit.SECONDS);
            throw new AssertionError("there was an answer");
        } catch (ExecutionException e) {
            return java.util.Objects.requireNonNull(e.getCause());
        }
    }

    @Test
    void bothKindsAreAnsweredAlsoWithMegabytes() throws Exception {
        PeerNet one = node(1, "c", 0, 0, 10);
        node(2, "c", 0, 0, 10);
        assertThat(ask(one, 2, Net.Call.COMMAND, bytes("hello")), is("1:5"));
        assertThat(ask(one, 2, Net.Call.FETCH, new byte[20 << 20]), is("1:" + (20 << 20)));
        assertThat(ask(one, 2, Net.Call.COMMAND, new byte[8 << 20]), is("1:" + (8 << 20)));
        assertThat(
                one.call(2, Net.Call.FETCH, bytes("large"), TIMEOUT_MS).get(20, TimeUnit.SECONDS).length, is(20 << 20));
        assertThat(
                one.call(2, Net.Call.COMMAND, bytes("large"), TIMEOUT_MS).get(20, TimeUnit.SECONDS).length,
                is(20 << 20));
    }

    @Test
    void whatFailsIsToldApart() throws Exception {
        PeerNet one = node(1, "c", 0, 0, 10);
        PeerNet two = node(2, "c", 0, 0, 10);
        PeerNet stranger = node(3, "other", 0, 0, 10);
        for (Net.Call call : List.of(Net.Call.COMMAND, Net.Call.FETCH)) {
            assertThat(failure(one.call(2, call, bytes("throw"), TIMEOUT_MS)), instanceOf(Net.Rejected.class));
            assertThat(failure(one.call(2, call, bytes("fail"), TIMEOUT_MS)), instanceOf(Net.Rejected.class));
            assertThat(
                    String.valueOf(failure(stranger.call(2, call, bytes("x"), TIMEOUT_MS))
                            .getMessage()),
                    containsString("of the cluster c, not of other"));
            long began = System.nanoTime();
            assertThat(failure(one.call(2, call, bytes("never"), 300)), instanceOf(Net.Unanswered.class));
            long tookMs = TimeUnit.NANOSECONDS.toMillis(System.nanoTime() - began);
            assertThat(tookMs, greaterThan(250L));
            assertThat(tookMs, lessThan(5_000L));
        }
        assertThat(failure(one.call(2, Net.Call.HEARTBEAT, bytes("x"), TIMEOUT_MS)), instanceOf(Net.Rejected.class));
        assertThat(failure(one.call(9, Net.Call.FETCH, bytes("x"), TIMEOUT_MS)), instanceOf(Net.Unreachable.class));
        PeerAddress address = two.address();
        book.put(4, address);
        assertThat(
                String.valueOf(failure(one.call(4, Net.Call.FETCH, bytes("x"), TIMEOUT_MS))
                        .getMessage()),
                containsString("this is node 2, not node 4"));
        two.close();
        assertThat(failure(one.call(2, Net.Call.FETCH, bytes("x"), TIMEOUT_MS)), instanceOf(Net.NetFailure.class));
        book.put(5, new PeerAddress(HOST, 1, 1));
        assertThat(failure(one.call(5, Net.Call.FETCH, bytes("x"), TIMEOUT_MS)), instanceOf(Net.Unreachable.class));
    }

    @Test
    void nodeThatComesBackIsReachedSoon() throws Exception {
        PeerNet one = node(1, "c", 0, 0, 10);
        PeerNet two = node(2, "c", 0, 0, 10);
        PeerAddress address = two.address();
        List<Net.Call> kinds = List.of(Net.Call.COMMAND, Net.Call.FETCH);
        for (Net.Call call : kinds) {
            assertThat(ask(one, 2, call, bytes("x")), is("1:1"));
        }
        two.close();
        for (int i = 0; i < 20; i++) {
            for (Net.Call call : kinds) {
                assertThat(failure(one.call(2, call, bytes("x"), 500)), instanceOf(Net.NetFailure.class));
            }
        }
        node(2, "c", address.port(), address.bulkPort(), 10);
        long began = System.nanoTime();
        for (Net.Call call : kinds) {
            assertThat(awaitAnswer(one, call), is("1:1"));
        }
        assertThat(TimeUnit.NANOSECONDS.toMillis(System.nanoTime() - began), lessThan(500L));
    }

    private static String awaitAnswer(PeerNet net, Net.Call call) throws Exception {
        long began = System.nanoTime();
        while (System.nanoTime() - began < TimeUnit.SECONDS.toNanos(10)) {
            try {
                return new String(net.call(2, call, bytes("x"), 400).get(), StandardCharsets.UTF_8);
            } catch (ExecutionException e) {
                java.util.concurrent.locks.LockSupport.parkNanos(10_000_000);
            }
        }
        throw new AssertionError("no answer within 10 s");
    }

    @Test
    void callsWhoseTimeIsOverDoNotDisturbOthersOnTheConnection() throws Exception {
        PeerNet one = node(1, "c", 0, 0, 512);
        node(2, "c", 0, 0, 512);
        assertThat(ask(one, 2, Net.Call.COMMAND, bytes("x")), is("1:1"));
        CompletableFuture<byte[]> slow = one.call(2, Net.Call.COMMAND, bytes("slow"), TIMEOUT_MS);
        List<CompletableFuture<byte[]>> over = new ArrayList<>();
        for (int i = 0; i < 200; i++) {
            over.add(one.call(2, Net.Call.COMMAND, bytes("never"), 100 + i));
        }
        for (CompletableFuture<byte[]> call : over) {
            assertThat(failure(call), instanceOf(Net.Unanswered.class));
        }
        assertThat("answers while the slow one waits", ask(one, 2, Net.Call.COMMAND, bytes("x")), is("1:1"));
        assertThat("the slow one still waits", slow.isDone(), is(false));
        assertThat(new String(slow.get(20, TimeUnit.SECONDS), StandardCharsets.UTF_8), is("slow"));
    }

    /** The kernel accepts connections for a socket that nobody reads from: as a node that is halted, or cut off. */
    @Test
    void aSilentConnectionIsGivenUpAndMadeAnew() throws Exception {
        PeerNet one = node(1, "c", 0, 0, 10);
        try (ServerSocket silent = new ServerSocket(0, 50, InetAddress.getLoopbackAddress())) {
            silent.setSoTimeout(100);
            book.put(2, new PeerAddress(HOST, silent.getLocalPort(), silent.getLocalPort()));
            List<Socket> accepted = new ArrayList<>();
            long began = System.nanoTime();
            while (accepted.size() < 2 && System.nanoTime() - began < TimeUnit.SECONDS.toNanos(20)) {
                assertThat(failure(one.call(2, Net.Call.COMMAND, bytes("x"), 300)), instanceOf(Net.NetFailure.class));
                try {
                    accepted.add(silent.accept());
                } catch (SocketTimeoutException e) {
                    // no new connection yet
                }
            }
            assertThat("connections that were made", accepted.size(), is(2));
            for (Socket socket : accepted) {
                socket.close();
            }
        }
    }

    @Test
    void aNodeThatMovesIsFoundAtItsNewAddress() throws Exception {
        PeerNet one = node(1, "c", 0, 0, 10);
        node(2, "c", 0, 0, 10);
        CompletableFuture<byte[]> waiting = one.call(2, Net.Call.COMMAND, bytes("slow"), TIMEOUT_MS);
        PeerNet moved = node(2, "c", 0, 0, 10);
        assertThat(ask(one, 2, Net.Call.COMMAND, bytes("x")), is("1:1"));
        moved.close();
        assertThat(failure(one.call(2, Net.Call.COMMAND, bytes("x"), 500)), instanceOf(Net.NetFailure.class));
        assertThat(
                "what was asked before",
                new String(waiting.get(20, TimeUnit.SECONDS), StandardCharsets.UTF_8),
                is("slow"));
    }

    @Test
    void whatIsTooLargeIsRefusedBeforeAndUnknownAfter() throws Exception {
        PeerNet one = node(1, "c", 0, 0, 10);
        node(2, "c", 0, 0, 10);
        for (Net.Call call : List.of(Net.Call.COMMAND, Net.Call.FETCH)) {
            assertThat(failure(one.call(2, call, bytes("huge"), TIMEOUT_MS)), instanceOf(Net.Unanswered.class));
            assertThat(failure(one.call(2, call, new byte[80 << 20], TIMEOUT_MS)), instanceOf(Net.Rejected.class));
            assertThat(ask(one, 2, call, bytes("x")), is("1:1"));
        }
    }

    @Test
    void anOpenThatFailsFreesBothPorts() throws Exception {
        PeerNet two = node(2, "c", 0, 0, 10);
        int taken = two.address().bulkPort();
        int free;
        try (ServerSocket probe = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
            free = probe.getLocalPort();
        }
        PeerNet three = new PeerNet(PeerConfig.defaults(3, "c", HOST, free, taken), _ -> Optional.empty());
        opened.add(three);
        assertThat(
                String.valueOf(assertThrows(IOException.class, three::open).getMessage()),
                containsString("port " + taken + " of the internal network cannot be had"));
        PeerAddress address = node(4, "c", free, 0, 10).address();
        assertThat(address.port(), is(free));
    }

    @Test
    void connectionsBeyondTheLimitOfTheBulkPortAreClosed() throws Exception {
        PeerNet two = node(2, "c", 0, 0, 10);
        List<Socket> sockets = new ArrayList<>();
        try {
            for (int i = 0; i < 4; i++) {
                sockets.add(new Socket(HOST, two.address().bulkPort()));
                assertThat(
                        "the server greets", sockets.getLast().getInputStream().read(), is(0));
            }
            try (Socket fifth = new Socket(HOST, two.address().bulkPort())) {
                fifth.setSoTimeout(3_000);
                assertThat(isClosedByTheOther(fifth), is(true));
            }
            sockets.removeFirst().close();
            PeerNet one = node(1, "c", 0, 0, 10);
            assertThat("there is room again", awaitAnswer(one, Net.Call.FETCH), is("1:1"));
        } finally {
            for (Socket socket : sockets) {
                socket.close();
            }
        }
    }

    private static boolean isClosedByTheOther(Socket socket) throws IOException {
        try {
            return socket.getInputStream().read() < 0;
        } catch (SocketTimeoutException e) {
            return false;
        } catch (IOException e) {
            return true;
        }
    }

    @Test
    void oneNodeDoesNotTakeThePlaceOfAnother() {
        ServingLimits limits = new ServingLimits(2, 100);
        assertThat(limits.enter(1, Net.Call.FETCH, 10), is(Optional.empty()));
        assertThat(limits.enter(1, Net.Call.FETCH, 10), is(Optional.empty()));
        assertThat(limits.enter(1, Net.Call.FETCH, 10).orElse(""), containsString("too many calls of the kind FETCH"));
        assertThat(limits.enter(1, Net.Call.RAFT, 10), is(Optional.empty()));
        assertThat(limits.enter(2, Net.Call.FETCH, 10), is(Optional.empty()));
        assertThat(limits.enter(3, Net.Call.FETCH, 61).orElse(""), containsString("too many bytes"));
        assertThat(limits.servingBytes(), is(40L));
        limits.leave(1, Net.Call.FETCH, 10);
        assertThat(limits.enter(1, Net.Call.FETCH, 70), is(Optional.empty()));
        assertThat(limits.servingBytes(), is(100L));
    }

    @Test
    void moreThanMayBeServedIsRefused() throws Exception {
        PeerNet one = node(1, "c", 0, 0, 2);
        node(2, "c", 0, 0, 2);
        List<CompletableFuture<byte[]>> hanging = new ArrayList<>();
        for (int i = 0; i < 5; i++) {
            hanging.add(one.call(2, Net.Call.FETCH, bytes("never"), 3_000));
        }
        long rejected = 0;
        for (CompletableFuture<byte[]> call : hanging) {
            rejected += failure(call) instanceof Net.Rejected ? 1 : 0;
        }
        assertThat(rejected, is(3L));
    }

    @Test
    void garbageHarmsNobodyElse() throws Exception {
        PeerNet one = node(1, "c", 0, 0, 10);
        PeerNet two = node(2, "c", 0, 0, 10);
        byte[] preface = bytes("PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n");
        for (int port : new int[] {two.address().port(), two.address().bulkPort()}) {
            for (byte[] junk : new byte[][] {
                bytes("GET / HTTP/1.1\r\nHost: x\r\n\r\n"), new byte[1 << 16], preface, {(byte) 0xff, 1, 2}
            }) {
                try (Socket socket = new Socket(HOST, port)) {
                    socket.getOutputStream().write(junk);
                    socket.getOutputStream().flush();
                } catch (IOException e) {
                    // the server may close while we write
                }
            }
        }
        assertThat(ask(one, 2, Net.Call.COMMAND, bytes("hello")), is("1:5"));
        assertThat(ask(one, 2, Net.Call.FETCH, bytes("hello")), is("1:5"));
    }
}
