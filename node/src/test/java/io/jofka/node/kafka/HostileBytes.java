package io.jofka.node.kafka;

import java.io.ByteArrayOutputStream;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Random;
import org.apache.kafka.common.protocol.ApiKeys;
import org.apache.kafka.common.protocol.ApiMessage;

/** Byte strings that no client should send, each with a name. All of them must close their connection, soon. */
final class HostileBytes {
    record Row(String name, byte[] bytes) {
        @Override
        public String toString() {
            return name;
        }
    }

    private final List<Row> rows = new ArrayList<>();
    private final FakeCluster cluster;

    private HostileBytes(FakeCluster cluster) {
        this.cluster = cluster;
    }

    static List<Row> all(FakeCluster cluster) {
        HostileBytes hostile = new HostileBytes(cluster);
        hostile.lengths();
        hostile.headers();
        hostile.foreignProtocols();
        hostile.arrays();
        hostile.cutBodies();
        hostile.noise();
        return hostile.rows;
    }

    private void row(String name, byte[] bytes) {
        rows.add(new Row(name, bytes));
    }

    private static byte[] framed(byte... body) {
        return ByteBuffer.allocate(4 + body.length)
                .putInt(body.length)
                .put(body)
                .array();
    }

    private static byte[] shorts(int... values) {
        ByteBuffer bytes = ByteBuffer.allocate(values.length * 2);
        Arrays.stream(values).forEach(value -> bytes.putShort((short) value));
        return bytes.array();
    }

    private static byte[] join(byte[]... parts) {
        ByteArrayOutputStream out = new ByteArrayOutputStream();
        Arrays.stream(parts).forEach(out::writeBytes);
        return out.toByteArray();
    }

    private void lengths() {
        for (int length : new int[] {
            -1,
            Integer.MIN_VALUE,
            Integer.MIN_VALUE + 1,
            Integer.MAX_VALUE,
            Integer.MAX_VALUE - 1,
            -4,
            0,
            1,
            7,
            100 << 20
        }) {
            row("length " + length, ByteBuffer.allocate(12).putInt(length).array());
        }
        row(
                "length beyond the first frame limit",
                ByteBuffer.allocate(8).putInt(16 << 20).array());
        row("good request, then a negative length", join(good(), new byte[] {-1, -1, -1, -1, 0, 0, 0, 0}));
        row("good request, then a huge length", join(good(), new byte[] {127, -1, -1, -1, 0, 0, 0, 0}));
        row(
                "good request, then a large non-produce",
                join(good(), new byte[] {4, 0, 0, 0}, shorts(3, 12), shorts(0, 0)));
    }

    private byte[] good() {
        return Wire.frame(ApiKeys.API_VERSIONS, 0, 5, Samples.defaults(ApiKeys.API_VERSIONS));
    }

    private void headers() {
        for (int key : new int[] {-1, -32768, 4, 5, 6, 7, 27, 33, 52, 56, 93, 95, 1000, 32767}) {
            row("api key " + key, framed(join(shorts(key, 0), new byte[6])));
        }
        for (ApiKeys key : List.of(ApiKeys.PRODUCE, ApiKeys.FETCH, ApiKeys.METADATA, ApiKeys.LIST_OFFSETS)) {
            for (int version : new int[] {-1, 99, 32767, -32768}) {
                row(key + " version " + version, framed(join(shorts(key.id, version), new byte[6])));
            }
        }
        row("produce version 2", framed(join(shorts(0, 2), new byte[6])));
        row("client id longer than the frame", framed(join(shorts(3, 5, 0, 1, 32767), new byte[4])));
        row("client id of negative length", framed(join(shorts(3, 5, 0, 1, -2), new byte[4])));
        row("header cut after the correlation id", framed(shorts(3, 5, 0, 1)));
        row("flexible header with endless tags", framed(join(shorts(3, 12, 0, 1, -1), bytes(0xff, 0xff, 0xff, 0x7f))));
        row(
                "flexible header with a broken varint",
                framed(join(shorts(3, 12, 0, 1, -1), bytes(0xff, 0xff, 0xff, 0xff, 0xff, 0xff))));
    }

    private static byte[] bytes(int... values) {
        byte[] bytes = new byte[values.length];
        for (int i = 0; i < values.length; i++) {
            bytes[i] = (byte) values[i];
        }
        return bytes;
    }

    private void foreignProtocols() {
        for (String text : List.of(
                "GET / HTTP/1.1\r\nHost: x\r\n\r\n",
                "POST /api HTTP/1.1\r\n\r\n",
                "PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n",
                "SSH-2.0-OpenSSH_9.6\r\n",
                "*1\r\n$4\r\nPING\r\n",
                "AMQP\0\0\11\1",
                "\0\0\0\0\0\0\0\0\0\0\0\0")) {
            row(text.strip().lines().findFirst().orElse("zeros"), text.getBytes(StandardCharsets.ISO_8859_1));
        }
        row("TLS 1.2 hello", join(bytes(0x16, 0x03, 0x01, 0x00, 0xa5, 0x01, 0x00, 0x00), new byte[160]));
        row("TLS 1.3 hello, first bytes only", bytes(0x16, 0x03, 0x03, 0x02, 0x00, 0x01));
    }

    private void arrays() {
        byte[] header = shorts(3, 5, 0, 1, -1);
        row("metadata of 2^31-1 topics", framed(join(header, bytes(0x7f, 0xff, 0xff, 0xff))));
        row("metadata of more topics than bytes", framed(join(header, bytes(0, 0, 1, 0), new byte[20])));
        row("metadata with a topic name beyond the frame", framed(join(header, bytes(0, 0, 0, 1, 0x7f, 0xff, 65))));
        row("metadata with a null topic name", framed(join(header, bytes(0, 0, 0, 1, 0xff, 0xff, 1))));
        row(
                "flexible metadata of 2^28 topics",
                framed(join(shorts(3, 12, 0, 1, -1), bytes(0, 0xff, 0xff, 0xff, 0x7f))));
        row(
                "produce of 2^31-1 topics",
                framed(join(shorts(0, 8, 0, 1, -1, -1, -1, 0, 100), bytes(0x7f, 0xff, 0xff, 0xff))));
        row(
                "produce with records longer than the frame",
                framed(join(
                        shorts(0, 8, 0, 1, -1, -1, -1, 0, 100),
                        bytes(0, 0, 0, 1, 0, 1, 't', 0, 0, 0, 1, 0, 0, 0, 0, 0x7f, 0, 0, 0))));
        row(
                "produce with null topics",
                framed(join(shorts(0, 8, 0, 1, -1, -1, -1, 0, 100), bytes(0xff, 0xff, 0xff, 0xff))));
        row(
                "fetch of 2^31-1 partitions",
                framed(join(
                        shorts(1, 4, 0, 1, -1),
                        bytes(-1, -1, -1, -1),
                        new byte[8],
                        bytes(0, 0, 1, 0, 0),
                        bytes(0, 0, 0, 1, 0, 1, 't'),
                        bytes(0x7f, 0xff, 0xff, 0xff))));
    }

    /** A whole frame whose body ends early: at each cut some field is missing. */
    private void cutBodies() {
        ApiMessage produce = PlainData.produce(cluster, "t", 0, 1, PlainData.records("cut"));
        cut("produce v13", Wire.frame(ApiKeys.PRODUCE, 13, 1, produce), 12);
        cut("produce v3", Wire.frame(ApiKeys.PRODUCE, 3, 1, produce), 12);
        cut("fetch v18", Wire.frame(ApiKeys.FETCH, 18, 1, PlainData.fetch(cluster, "t", 0, 0, 0)), 8);
        cut("list offsets v1", Wire.frame(ApiKeys.LIST_OFFSETS, 1, 1, PlainData.listOffsets("t", 0, -1)), 8);
    }

    private void cut(String name, byte[] frame, int pieces) {
        for (int i = 1; i < pieces; i++) {
            int length = 8 + (frame.length - 12) * i / pieces;
            byte[] shorter = Arrays.copyOf(frame, 4 + length);
            ByteBuffer.wrap(shorter).putInt(0, length);
            row(name + " cut to " + length + " bytes", shorter);
        }
    }

    private void noise() {
        Random random = new Random(4711);
        for (int i = 0; i < 20; i++) {
            byte[] noise = new byte[200];
            random.nextBytes(noise);
            noise[0] |= (byte) 0x80;
            row("noise " + i, noise);
        }
    }
}
