package io.jofka.node.rest.transport;

import static org.hamcrest.MatcherAssert.assertThat;
import static org.hamcrest.Matchers.containsString;
import static org.hamcrest.Matchers.greaterThan;
import static org.hamcrest.Matchers.is;
import static org.hamcrest.Matchers.lessThan;

import io.helidon.webserver.WebServer;
import io.helidon.webserver.WebServerConfig;
import io.helidon.webserver.http.HttpRouting;
import io.helidon.webserver.http.ServerRequest;
import io.helidon.webserver.http.ServerResponse;
import io.jofka.node.common.Clock;
import io.jofka.node.common.SystemClock;
import io.jofka.node.rest.Contract;
import io.jofka.node.rest.FaultHandlers;
import io.jofka.node.rest.ProblemWriter;
import io.jofka.node.rest.RequestIds;
import io.jofka.node.rest.TransportFaults;
import io.jofka.node.sim.SimulatedSeed;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStream;
import java.io.InputStreamReader;
import java.io.OutputStream;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.Socket;
import java.net.SocketException;
import java.net.SocketTimeoutException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.ScheduledFuture;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** Every limit of the listener, at a small value, on a server that is configured as the node's is. */
class LimitsTest {
    private static final TransportConfig SMALL =
            new TransportConfig(100_000, 8, 4, 4_096, 512, 700, 700, 1_000, 6_000, 3_000, 16, 16, 100);

    private final Clock clock = new SystemClock();
    private final ConnectionGuard guard = new ConnectionGuard(SMALL, clock);
    private final CountDownLatch release = new CountDownLatch(1);
    private final ScheduledExecutorService sweeper = Executors.newSingleThreadScheduledExecutor();

    @SuppressWarnings("NullAway.Init")
    private WebServer server;

    @BeforeEach
    void start() {
        RequestIds ids = new RequestIds(new SimulatedSeed(1));
        ProblemWriter problems = new ProblemWriter(1, ids);
        HttpRouting.Builder routing = HttpRouting.builder()
                .addFilter(guard)
                .get("/hello", (request, response) -> response.send("hello"))
                .get("/wait", this::await)
                .get("/stream", LimitsTest::stream)
                .post(
                        "/echo",
                        (request, response) -> response.send(request.content().as(byte[].class)));
        new FaultHandlers(problems, ids, new Contract()).register(routing);
        WebServerConfig.Builder builder = WebServer.builder()
                .address(InetAddress.getLoopbackAddress())
                .port(0)
                .routing(routing);
        new Transport(SMALL, guard, new TransportFaults(problems, ids).handlers()).harden(builder);
        server = builder.build().start();
        ScheduledFuture<?> _ = sweeper.scheduleAtFixedRate(guard::sweep, 50, 50, TimeUnit.MILLISECONDS);
    }

    @AfterEach
    void stop() {
        release.countDown();
        sweeper.shutdownNow();
        server.stop();
    }

    @SuppressWarnings("unused")
    private void await(ServerRequest request, ServerResponse response) throws InterruptedException {
        assertThat(release.await(30, TimeUnit.SECONDS), is(true));
        response.send("released");
    }

    /** One line each 300 ms: longer in all than a request may be quiet. */
    private static void stream(ServerRequest request, ServerResponse response) throws Exception {
        try (OutputStream out = response.outputStream()) {
            for (int i = 0; i < 10; i++) {
                TimeUnit.MILLISECONDS.sleep(300);
                out.write(("line " + i + "\n").getBytes(StandardCharsets.US_ASCII));
                out.flush();
            }
        }
    }

    private Socket connect() throws IOException {
        Socket socket = new Socket(InetAddress.getLoopbackAddress(), server.port());
        socket.setSoTimeout(20_000);
        return socket;
    }

    private static void write(Socket socket, String text) throws IOException {
        socket.getOutputStream().write(text.getBytes(StandardCharsets.US_ASCII));
        socket.getOutputStream().flush();
    }

    /** Milliseconds until the server has closed the connection. */
    private static String firstLine(Socket socket) throws IOException {
        socket.setSoTimeout(10_000);
        return new BufferedReader(new InputStreamReader(socket.getInputStream(), StandardCharsets.US_ASCII)).readLine();
    }

    private static long closedAfterMs(Socket socket) throws IOException {
        long start = System.nanoTime();
        try {
            while (socket.getInputStream().read() >= 0) {
                // an answer may come before the end
            }
        } catch (SocketException e) {
            // reset: closed as well
        }
        return TimeUnit.NANOSECONDS.toMillis(System.nanoTime() - start);
    }

    private HttpResponse<String> send(HttpRequest.Builder request) throws Exception {
        try (HttpClient client =
                HttpClient.newBuilder().version(HttpClient.Version.HTTP_1_1).build()) {
            return client.send(request.build(), HttpResponse.BodyHandlers.ofString());
        }
    }

    /** The listener closes over what it has not read, and the reset can overtake the answer: then it is asked again. */
    private HttpResponse<String> answered(HttpRequest.Builder request) throws Exception {
        for (int tries = 1; tries < 30; tries++) {
            try {
                return send(request);
            } catch (IOException reset) {
                assertThat("server is up", send(to("/hello")).statusCode(), is(200));
            }
        }
        return send(request);
    }

    private HttpRequest.Builder to(String path) {
        return HttpRequest.newBuilder(URI.create("http://127.0.0.1:" + server.port() + path));
    }

    @Test
    void aConnectionThatSaysNothingIsClosed() throws IOException {
        try (Socket socket = connect()) {
            assertThat(closedAfterMs(socket), lessThan(10_000L));
        }
    }

    @Test
    void headersThatComeBitByBitEndTheConnection() throws Exception {
        try (Socket socket = connect()) {
            write(socket, "GET /hello HTTP/1.1\r\nHost: localhost\r\n");
            long start = System.nanoTime();
            boolean open = true;
            while (open && System.nanoTime() - start < TimeUnit.SECONDS.toNanos(15)) {
                try {
                    write(socket, "X-" + System.nanoTime() + ": y\r\n");
                    TimeUnit.MILLISECONDS.sleep(100);
                } catch (SocketException e) {
                    open = false;
                }
            }
            assertThat(open, is(false));
        }
    }

    @Test
    void alsoTheHeadersOfALaterRequestMustComeSoon() throws Exception {
        try (Socket socket = connect()) {
            write(socket, "GET /hello HTTP/1.1\r\nHost: localhost\r\n\r\n");
            InputStream in = socket.getInputStream();
            StringBuilder first = new StringBuilder();
            while (first.indexOf("hello") < 0) {
                first.append((char) in.read());
            }
            write(socket, "GET /hello HTTP/1.1\r\nHost: ");
            assertThat(closedAfterMs(socket), lessThan(2_500L));
        }
    }

    @Test
    void aBodyThatStopsInTheMiddleEndsTheConnection() throws IOException {
        try (Socket socket = connect()) {
            write(socket, "POST /echo HTTP/1.1\r\nHost: localhost\r\nContent-Length: 100\r\n\r\nhalf");
            assertThat("before the quiet time", closedAfterMs(socket), lessThan(5_500L));
        }
    }

    @Test
    void aBodyThatComesByteByByteEndsTheConnection() throws Exception {
        try (Socket socket = connect();
                ScheduledExecutorService sender = Executors.newSingleThreadScheduledExecutor()) {
            write(socket, "POST /echo HTTP/1.1\r\nHost: localhost\r\nContent-Length: 1000\r\n\r\n");
            ScheduledFuture<?> _ = sender.scheduleAtFixedRate(() -> drip(socket), 0, 100, TimeUnit.MILLISECONDS);
            assertThat(closedAfterMs(socket), lessThan(10_000L));
            sender.shutdownNow();
        }
    }

    private static void drip(Socket socket) {
        try {
            write(socket, "x");
        } catch (IOException closed) {
            throw new UncheckedIOException(closed);
        }
    }

    @Test
    void aChunkSizeThatIsNoNumberIsABadRequest() throws IOException {
        try (Socket socket = connect()) {
            write(socket, "POST /echo HTTP/1.1\r\nHost: localhost\r\nTransfer-Encoding: chunked\r\n\r\nzz\r\nhalf");
            assertThat(firstLine(socket), containsString(" 400 "));
        }
    }

    @Test
    void anIdleConnectionIsKeptForItsTimeAndThenClosed() throws IOException {
        try (Socket socket = connect()) {
            write(socket, "GET /hello HTTP/1.1\r\nHost: localhost\r\n\r\n");
            long after = closedAfterMs(socket);
            assertThat(after, greaterThan(1_900L));
            assertThat(after, lessThan(10_000L));
        }
    }

    @Test
    void aRequestThatIsQuietForTooLongIsEnded() throws IOException {
        try (Socket socket = connect()) {
            write(socket, "GET /wait HTTP/1.1\r\nHost: localhost\r\n\r\n");
            assertThat(closedAfterMs(socket), lessThan(10_000L));
        }
    }

    @Test
    void aStreamThatGoesOnIsNotEnded() throws Exception {
        HttpResponse<String> answer = send(to("/stream").header("Accept", "text/event-stream"));
        assertThat(answer.body(), containsString("line 9"));
    }

    @Test
    void bodiesOverTheLimitAreRefusedDeclaredAndChunked() throws Exception {
        byte[] large = new byte[200_000];
        HttpResponse<String> declared = answered(to("/echo").POST(HttpRequest.BodyPublishers.ofByteArray(large)));
        assertThat(declared.statusCode(), is(413));
        assertThat(declared.body(), containsString("\"BODY_TOO_LARGE\""));
        HttpResponse<String> chunked = answered(to("/echo")
                .POST(HttpRequest.BodyPublishers.ofInputStream(() -> new java.io.ByteArrayInputStream(large))));
        assertThat(chunked.statusCode(), is(413));
        assertThat(chunked.body(), containsString("\"BODY_TOO_LARGE\""));
        HttpResponse<String> fits = send(to("/echo").POST(HttpRequest.BodyPublishers.ofByteArray(new byte[90_000])));
        assertThat(fits.statusCode(), is(200));
    }

    @Test
    void headersOverTheLimitAreRefused() throws Exception {
        HttpResponse<String> answer = send(to("/hello").header("X-Long", "y".repeat(5_000)));
        assertThat(answer.statusCode(), is(431));
        assertThat(send(to("/hello").header("X-Long", "y".repeat(2_000))).statusCode(), is(200));
    }

    @Test
    void moreRequestsAtOnceThanAllowedAreRefusedWithRetryAfter() throws Exception {
        List<Socket> waiting = new ArrayList<>();
        for (int i = 0; i < SMALL.maxConcurrentRequests(); i++) {
            Socket socket = connect();
            write(socket, "GET /wait HTTP/1.1\r\nHost: localhost\r\n\r\n");
            waiting.add(socket);
        }
        HttpResponse<String> answer = send(to("/hello"));
        for (int tries = 0; answer.statusCode() == 200 && tries < 20; tries++) {
            answer = send(to("/hello"));
        }
        assertThat(answer.statusCode(), is(503));
        assertThat(answer.body(), containsString("\"OVERLOADED\""));
        assertThat(answer.headers().firstValue("Retry-After").orElse(""), is("1"));
        for (Socket socket : waiting) {
            socket.close();
        }
    }

    @Test
    void connectionsOverTheLimitWaitUntilOthersAreGone() throws IOException {
        List<Socket> silent = new ArrayList<>();
        for (int i = 0; i < SMALL.maxConnections(); i++) {
            silent.add(connect());
        }
        try (Socket late = connect()) {
            write(late, "GET /hello HTTP/1.1\r\nHost: localhost\r\n\r\n");
            late.setSoTimeout(300);
            String early = "";
            try {
                early = "answered " + late.getInputStream().read();
            } catch (SocketTimeoutException e) {
                early = "waits";
            }
            assertThat(early, is("waits"));
            late.setSoTimeout(20_000);
            assertThat((char) late.getInputStream().read(), is('H'));
        }
        for (Socket socket : silent) {
            socket.close();
        }
        assertThat(guard.watched(), lessThan(SMALL.maxConnections() + 3));
    }
}
