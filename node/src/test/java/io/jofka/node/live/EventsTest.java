package io.jofka.node.live;

import static org.hamcrest.MatcherAssert.assertThat;
import static org.hamcrest.Matchers.hasSize;
import static org.hamcrest.Matchers.is;
import static org.hamcrest.Matchers.lessThanOrEqualTo;

import io.helidon.webserver.WebServer;
import io.helidon.webserver.http.HttpRouting;
import io.jofka.node.common.SystemClock;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.net.InetAddress;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

class EventsTest {
    private static final LiveConfig SMALL = new LiveConfig(100, 64 << 10, 2, 200, 1_000);

    private final EventRing ring = new EventRing(new SystemClock(), SMALL);
    private final StreamGuard guard = new StreamGuard(new SystemClock(), SMALL);
    private final WebServer server = WebServer.builder()
            .address(InetAddress.getLoopbackAddress())
            .port(0)
            .routing(HttpRouting.builder().register("/events", new EventsService(1, ring, guard, SMALL)))
            .build()
            .start();

    @AfterEach
    void stop() {
        server.stop();
    }

    private void publish(int count) {
        for (int i = 0; i < count; i++) {
            ring.publish("topic.created", "Topic was created", Map.of("number", i));
        }
    }

    @Test
    void theRingKeepsTheNewestWithinItsNumberAndTellsWhatIsGone() {
        publish(250);
        EventRing.Chunk chunk = ring.read(10, 1000, "");
        assertThat(chunk.events(), hasSize(100));
        assertThat(chunk.events().getFirst().id(), is(151L));
        assertThat(chunk.missed(), is(140L));
        assertThat(chunk.lastId(), is(250L));
        assertThat(ring.read(250, 10, "").events(), hasSize(0));
        assertThat(ring.read(200, 10, "").lastId(), is(210L));
    }

    @Test
    void theRingIsBoundedInBytesAndOneEventCannotFillIt() {
        for (int i = 0; i < 90; i++) {
            ring.publish("log", "x".repeat(1_000_000), Map.of("y", "z".repeat(1_000_000)));
        }
        long bytes = ring.read(0, 1000, "").events().stream()
                .mapToLong(Event::sizeBytes)
                .sum();
        assertThat(bytes, lessThanOrEqualTo(SMALL.maxEventBytes()));
    }

    @Test
    void aPrefixFiltersAndThePositionStillMoves() {
        publish(3);
        ring.publish("partition.offline", "Partition went offline", Map.of());
        EventRing.Chunk chunk = ring.read(0, 10, "partition.");
        assertThat(chunk.events(), hasSize(1));
        assertThat(ring.read(0, 10, "nothing.").lastId(), is(4L));
    }

    @Test
    void anIdFromBeforeARestartGivesAllThatIsKept() {
        publish(3);
        assertThat(ring.read(5_000, 10, "").events(), hasSize(3));
    }

    @Test
    void aStreamRepeatsWhatIsKeptAndThenFollows() throws Exception {
        publish(5);
        try (Stream stream = new Stream("Last-Event-ID: 3\r\n")) {
            assertThat(stream.ids(2), is(List.of("4", "5")));
            publish(2);
            assertThat(stream.ids(2), is(List.of("6", "7")));
            stream.until(":");
        }
    }

    @Test
    void aStreamThatAsksForWhatIsGoneIsToldHowMuch() throws Exception {
        publish(250);
        try (Stream stream = new Stream("Last-Event-ID: 10\r\n")) {
            stream.until("event: lagged");
            assertThat(stream.until("data: "), is("data: {\"missed\":140,\"after\":250}"));
        }
    }

    @Test
    void moreStreamsThanAllowedAreRefusedAndAClosedOneGivesItsPlaceBack() throws Exception {
        Stream first = new Stream("");
        first.until("retry: ");
        try (Stream second = new Stream("")) {
            second.until("retry: ");
            try (Stream third = new Stream("")) {
                assertThat(third.until("HTTP/1.1 ").startsWith("HTTP/1.1 200"), is(false));
            }
        }
        first.close();
        long deadline = System.nanoTime() + TimeUnit.SECONDS.toNanos(10);
        String status = "";
        while (!status.startsWith("HTTP/1.1 200") && System.nanoTime() < deadline) {
            publish(1);
            try (Stream again = new Stream("")) {
                status = again.until("HTTP/1.1 ");
            }
        }
        assertThat(status, is("HTTP/1.1 200 OK"));
    }

    @Test
    void aReaderThatTakesNothingIsDisconnected() throws Exception {
        try (Stream stream = new Stream("")) {
            stream.until("retry: ");
            long deadline = System.nanoTime() + TimeUnit.SECONDS.toNanos(30);
            boolean ended = false;
            while (!ended && System.nanoTime() < deadline) {
                for (int i = 0; i < 50; i++) {
                    ring.publish("log", "x".repeat(1_000), Map.of());
                }
                guard.sweep();
                ended = guard.openStreams() == 0;
                TimeUnit.MILLISECONDS.sleep(1);
            }
            assertThat(ended, is(true));
        }
    }

    /** A client on a bare socket, so that nothing reads ahead. */
    private final class Stream implements AutoCloseable {
        private final Socket socket = new Socket();
        private final BufferedReader in;

        Stream(String header) throws IOException {
            socket.setReceiveBufferSize(8 << 10);
            socket.connect(new java.net.InetSocketAddress(InetAddress.getLoopbackAddress(), server.port()));
            socket.setSoTimeout(10_000);
            String request =
                    "GET /events HTTP/1.1\r\nHost: localhost\r\nAccept: text/event-stream\r\n" + header + "\r\n";
            socket.getOutputStream().write(request.getBytes(StandardCharsets.US_ASCII));
            in = new BufferedReader(new InputStreamReader(socket.getInputStream(), StandardCharsets.UTF_8));
        }

        String until(String start) throws IOException {
            String line = in.readLine();
            while (line != null && !line.startsWith(start)) {
                line = in.readLine();
            }
            return String.valueOf(line);
        }

        List<String> ids(int count) throws IOException {
            List<String> ids = new ArrayList<>();
            while (ids.size() < count) {
                ids.add(until("id: ").substring(4));
            }
            return ids;
        }

        @Override
        public void close() throws IOException {
            socket.close();
        }
    }
}
