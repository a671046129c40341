package io.jofka.node.kafka;

import static org.hamcrest.MatcherAssert.assertThat;
import static org.hamcrest.Matchers.greaterThan;
import static org.hamcrest.Matchers.is;
import static org.hamcrest.Matchers.lessThanOrEqualTo;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.function.Consumer;
import org.apache.kafka.common.message.FetchResponseData;
import org.apache.kafka.common.protocol.ApiKeys;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** Each limit of the listener, at its edge. */
final class LimitsTest {
    private final List<TestNode> nodes = new ArrayList<>();

    private TestNode node(Consumer<Map<String, Integer>> limits) throws IOException {
        TestNode node = new TestNode(TestNode.limits(limits));
        node.cluster.add("t", 2, Map.of());
        nodes.add(node);
        return node;
    }

    @AfterEach
    void close() throws IOException {
        for (TestNode node : nodes) {
            node.close();
            assertThat("slices left open", node.log.openSlices.get(), is(0));
            assertThat("memory left lent", node.lentBytes(), is(0.0));
        }
    }

    private static byte[] offsets(int correlationId) {
        return Wire.frame(ApiKeys.LIST_OFFSETS, 9, correlationId, PlainData.listOffsets("t", 0, -1));
    }

    @Test
    void aConnectionOverTheLimitIsClosedAtOnceAndRoomIsReused() throws IOException {
        TestNode node = node(limits -> limits.put("maxConnections", 2));
        try (Wire first = node.connect();
                Wire second = node.connect()) {
            first.send(offsets(1)).receive(ApiKeys.LIST_OFFSETS, 9, 1);
            second.send(offsets(1)).receive(ApiKeys.LIST_OFFSETS, 9, 1);
            try (Wire third = node.connect()) {
                assertThat(third.closedByServer(), is(true));
            }
            assertThat(node.counter("jofka.kafka.connections.refused"), is(1.0));
        }
        TestNode.await("connections to end", () -> node.listener.connections() == 0);
        try (Wire again = node.connect()) {
            again.send(offsets(1)).receive(ApiKeys.LIST_OFFSETS, 9, 1);
        }
    }

    @Test
    void anIdleConnectionIsClosedAndABusyOneIsNot() throws IOException {
        // long enough that a busy machine does not make a busy connection idle
        TestNode node = node(limits -> limits.put("idleMs", 3_000));
        try (Wire idle = node.connect();
                Wire busy = node.connect()) {
            long end = System.nanoTime() + 20_000_000_000L;
            boolean closed = false;
            while (!closed && System.nanoTime() < end) {
                busy.send(offsets(1)).receive(ApiKeys.LIST_OFFSETS, 9, 1);
                closed = idle.closedWithin(20);
            }
            assertThat(closed, is(true));
            busy.send(offsets(1)).receive(ApiKeys.LIST_OFFSETS, 9, 1);
            assertThat(node.counter("jofka.kafka.connections.timed.out"), is(1.0));
        }
    }

    @Test
    void aRequestThatDripsIsCutOffHoweverBusyItLooks() throws IOException {
        TestNode node = node(limits -> limits.put("frameMs", 400));
        try (Wire drip = node.connect()) {
            byte[] frame = offsets(1);
            drip.send(Arrays.copyOf(frame, 5));
            boolean closed = false;
            for (int i = 5; i < frame.length - 1 && !closed; i++) {
                closed = drip.closedWithin(100);
                if (!closed) {
                    closed = !drip.trySend(new byte[] {frame[i]});
                }
            }
            assertThat(closed, is(true));
        }
    }

    @Test
    void aProduceOfSeveralMebibytesMayBeTheFirstRequest() throws IOException {
        TestNode node = node(limits -> {});
        try (Wire old = node.connect()) {
            old.call(ApiKeys.PRODUCE, 7, PlainData.produce(node.cluster, "t", 0, 1, PlainData.bytes(3 << 20)));
        }
    }

    @Test
    void aClientThatNeverReadsIsCutOffAndItsSlicesAreClosed() throws IOException {
        TestNode node = node(limits -> limits.put("writeStallMs", 500));
        try (Wire deaf = node.connect()) {
            deaf.call(ApiKeys.LIST_OFFSETS, 9, PlainData.listOffsets("t", 0, -1));
            deaf.call(ApiKeys.PRODUCE, 9, PlainData.produce(node.cluster, "t", 0, 1, PlainData.bytes(9 << 20)));
            ByteArrayOutputStream burst = new ByteArrayOutputStream();
            for (int i = 0; i < 20; i++) {
                burst.writeBytes(Wire.frame(ApiKeys.FETCH, 12, i, PlainData.fetch(node.cluster, "t", 0, 0, 0)));
            }
            deaf.send(burst.toByteArray());
            TestNode.await("the connection to be cut", () -> node.listener.connections() == 0);
            assertThat(node.counter("jofka.kafka.connections.timed.out"), is(1.0));
        }
    }

    @Test
    void aSlowReaderGetsEveryByteAcrossFullSocketBuffers() throws IOException {
        TestNode node = node(limits -> {});
        try (Wire slow = node.connect()) {
            slow.call(ApiKeys.LIST_OFFSETS, 9, PlainData.listOffsets("t", 0, -1));
            slow.call(ApiKeys.PRODUCE, 9, PlainData.produce(node.cluster, "t", 0, 1, PlainData.bytes(20 << 20)));
            slow.send(ApiKeys.FETCH, 12, 4, PlainData.fetch(node.cluster, "t", 0, 0, 0));
            assertThat("the response does not fit into the buffers", slow.closedWithin(500), is(false));
            FetchResponseData fetched = slow.receive(FetchResponseData.class, ApiKeys.FETCH, 12, 4);
            assertThat(PlainData.records(fetched).remaining(), greaterThan(20 << 20));
        }
    }

    @Test
    void atTheLimitOfOutstandingRequestsTheConnectionIsNotRead() throws IOException {
        TestNode node = node(limits -> limits.put("maxOutstanding", 3));
        node.log.holdProduces = true;
        try (Wire wire = node.connect()) {
            for (int i = 0; i < 10; i++) {
                wire.send(ApiKeys.PRODUCE, 9, i, PlainData.produce(node.cluster, "t", 0, -1, PlainData.records("x")));
            }
            TestNode.await("the first ones", () -> node.log.held.size() >= 4);
            assertThat("nothing is answered yet", wire.closedWithin(300), is(false));
            assertThat(node.log.held.size(), lessThanOrEqualTo(4));
            node.log.holdProduces = false;
            node.log.held.forEach(Runnable::run);
            for (int i = 0; i < 10; i++) {
                wire.receive(ApiKeys.PRODUCE, 9, i);
            }
        }
    }

    @Test
    void memoryForRequestsIsBoundedAndThoseWhoWaitAreServedInTime() throws IOException {
        int mib = 1 << 20;
        TestNode node = node(limits -> {
            limits.put("maxFrameBytes", 4 * mib);
            limits.put("maxControlFrameBytes", mib);
            limits.put("maxFirstFrameBytes", 4 * mib);
            limits.put("requestBytes", 6 * mib);
        });
        node.log.holdProduces = true;
        try (Wire first = node.connect();
                Wire second = node.connect()) {
            first.send(ApiKeys.PRODUCE, 9, 1, PlainData.produce(node.cluster, "t", 0, 1, PlainData.bytes(3 * mib)));
            TestNode.await("the first produce", () -> node.log.held.size() == 1);
            byte[] large = Wire.frame(
                    ApiKeys.PRODUCE, 9, 2, PlainData.produce(node.cluster, "t", 1, 1, PlainData.bytes(3 * mib)));
            Thread sender = Thread.ofVirtual().start(() -> second.trySend(large));
            TestNode.await(
                    "the second to wait for memory",
                    () -> node.registry
                                    .get("jofka.kafka.request.memory.waiting")
                                    .gauge()
                                    .value()
                            > 0);
            assertThat(node.log.held.size(), is(1));
            assertThat(node.lentBytes(), lessThanOrEqualTo(6.0 * mib));
            node.log.holdProduces = false;
            node.log.held.forEach(Runnable::run);
            first.receive(ApiKeys.PRODUCE, 9, 1);
            second.receive(ApiKeys.PRODUCE, 9, 2);
            assertThat(sender.isAlive(), is(false));
        }
    }

    @Test
    void aLargeProduceMayHaveLargeRecordsButNotManyFields() throws IOException {
        TestNode node = node(limits -> {
            limits.put("maxControlFrameBytes", 64 << 10);
            limits.put("maxFirstFrameBytes", 8 << 20);
        });
        try (Wire good = node.connect();
                Wire bad = node.connect()) {
            for (int version = 3; version <= 13; version++) {
                good.call(
                        ApiKeys.PRODUCE, version, PlainData.produce(node.cluster, "t", 0, 1, PlainData.bytes(1 << 20)));
            }
            ByteBuffer many = ByteBuffer.allocate(4 + 14 + 8 + (7 * 20_000));
            many.putInt(many.capacity() - 4)
                    .putShort((short) 0)
                    .putShort((short) 8)
                    .putInt(1)
                    .putShort((short) -1);
            many.putShort((short) -1).putShort((short) 1).putInt(100).putInt(20_000);
            for (int i = 0; i < 20_000; i++) {
                many.putShort((short) 1).put((byte) 't').putInt(0);
            }
            bad.send(many.array());
            assertThat(bad.closedByServer(), is(true));
            assertThat(node.counter("jofka.kafka.protocol.violations"), is(1.0));
        }
    }

    @Test
    void anAnswerThatNeverComesClosesTheConnection() throws IOException {
        TestNode node = node(limits -> limits.put("answerMs", 500));
        node.log.holdProduces = true;
        try (Wire wire = node.connect()) {
            wire.send(ApiKeys.PRODUCE, 9, 1, PlainData.produce(node.cluster, "t", 0, 1, PlainData.records("x")));
            assertThat(wire.closedByServer(), is(true));
            node.log.held.forEach(Runnable::run);
        }
    }

    @Test
    void aLongPollIsBoundedByTheNode() throws IOException {
        TestNode node = node(limits -> limits.put("maxFetchWaitMs", 300));
        try (Wire wire = node.connect()) {
            wire.call(ApiKeys.FETCH, 12, PlainData.fetch(node.cluster, "t", 0, 0, Integer.MAX_VALUE));
        }
    }
}
