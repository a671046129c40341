package io.jofka.api.batch;

import static org.hamcrest.MatcherAssert.assertThat;
import static org.hamcrest.Matchers.containsString;
import static org.hamcrest.Matchers.greaterThan;
import static org.hamcrest.Matchers.instanceOf;
import static org.hamcrest.Matchers.is;
import static org.hamcrest.Matchers.lessThan;
import static org.hamcrest.Matchers.not;

import com.sun.management.ThreadMXBean;
import io.jofka.api.fault.Fault;
import java.lang.management.ManagementFactory;
import java.nio.ByteBuffer;
import java.util.Arrays;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** Bytes that nobody honest sends: each is refused with a sentence, at little cost. */
class HostileTest {
    private static final InflationLimits LIMITS = InflationLimits.defaults();
    private static final int MANY = 0x7fff_fff0;

    @Test
    void whateverTheBytesAreTheChecksAnswerAndTheReadersThrowBadBatch() {
        int refused = 0;
        for (long seed = 0; seed < 1_500; seed++) {
            RandomRecords draw = new RandomRecords(seed);
            Random random = draw.random();
            ByteBuffer batch = RoundTripTest.build(draw.oneOf(Compression.values()), draw.batch(0), 0);
            for (int i = random.nextInt(4); i >= 0; i--) {
                batch.put(random.nextInt(Math.min(batch.limit(), 200)), HostileBytes.interesting(random));
            }
            if (random.nextBoolean()) {
                HostileBytes.repair(batch);
            }
            batch.limit(random.nextInt(4) == 0 ? random.nextInt(batch.limit() + 1) : batch.limit());
            refused += survives(batch) ? 0 : 1;
        }
        assertThat(refused, greaterThan(400));
    }

    @Test
    void noiseIsRefused() {
        Random random = new Random(5);
        for (int i = 0; i < 5_000; i++) {
            byte[] noise = new byte[random.nextInt(300)];
            random.nextBytes(noise);
            assertThat("round " + i, survives(ByteBuffer.wrap(noise)), is(false));
        }
    }

    /** Returns whether all was accepted; any exception but BadBatch fails the test. */
    private static boolean survives(ByteBuffer bytes) {
        boolean valid = BatchChecks.structure(bytes, 1 << 20) instanceof BatchCheck.Valid v
                && v.headers().stream().allMatch(header -> header.baseOffset() >= 0 && header.nextOffset() > 0);
        valid &= BatchChecks.records(bytes, LIMITS) instanceof BatchCheck.Valid;
        boolean stored = BatchChecks.storedStructure(bytes, 1 << 20) instanceof BatchCheck.Valid;
        stored &= BatchChecks.storedRecords(bytes, LIMITS) instanceof BatchCheck.Valid;
        boolean readable = bytes.hasRemaining();
        try {
            for (BatchReader reader : BatchSequence.of(bytes, LIMITS)) {
                assertThat(reader.toList().size(), is(reader.header().recordCount()));
                new BatchRewriter(Compression.NONE, -1, LIMITS)
                        .recompress(bytes, bytes.limit() - reader.header().sizeBytes());
            }
        } catch (BadBatch e) {
            assertThat(e.detail(), not(containsString("Exception")));
            readable = false;
        }
        assertThat("what the check accepts can be read", valid && !readable, is(false));
        assertThat("what a producer may send may be stored", valid && !stored, is(false));
        return valid && readable;
    }

    @Test
    void everyStructuralFaultHasItsOwnAnswer() {
        List<LogRecord> records = new RandomRecords(2).batch(0);
        int last = records.size() - 1;
        assertFault(Fault.INVALID_RECORD, "no batch", ByteBuffer.allocate(0));
        assertFault(Fault.CORRUPT_BATCH, "61 bytes; only 60", ByteBuffer.allocate(60));
        assertFault(Fault.CORRUPT_BATCH, "declares the length -1", good().putInt(BatchFields.LENGTH, -1));
        assertFault(Fault.CORRUPT_BATCH, "declares the length 48", good().putInt(BatchFields.LENGTH, 48));
        assertFault(Fault.RECORD_TOO_LARGE, "at most", good().putInt(BatchFields.LENGTH, MANY));
        assertFault(Fault.CORRUPT_BATCH, "length 2147483647", good().putInt(BatchFields.LENGTH, Integer.MAX_VALUE));
        assertFault(Fault.UNSUPPORTED_FORMAT, "format 1", good().put(BatchFields.MAGIC, (byte) 1));
        assertFault(Fault.CORRUPT_BATCH, "magic 3", good().put(BatchFields.MAGIC, (byte) 3));
        assertFault(Fault.CORRUPT_BATCH, "checksum", good().put(BatchFields.HEADER_SIZE, (byte) 99));
        assertFault(Fault.CORRUPT_BATCH, "checksum", good().putInt(BatchFields.CRC, 0));
        assertFault(Fault.UNSUPPORTED_COMPRESSION, "id 5", repaired(BatchFields.ATTRIBUTES, 5));
        assertFault(Fault.INVALID_RECORD, "unknown attributes", repaired(BatchFields.ATTRIBUTES, 0x100));
        assertFault(Fault.INVALID_RECORD, "delete horizon", repaired(BatchFields.ATTRIBUTES, 0x40));
        assertFault(Fault.INVALID_RECORD, "no producer id", repaired(BatchFields.ATTRIBUTES, 0x10));
        ByteBuffer count = good().putInt(BatchFields.RECORD_COUNT, last);
        assertFault(Fault.INVALID_RECORD, "last offset delta is " + last, HostileBytes.repair(count));
        ByteBuffer negative = good().putInt(BatchFields.RECORD_COUNT, -1);
        assertFault(Fault.INVALID_RECORD, "declares -1 records", HostileBytes.repair(negative));
        ByteBuffer many = good().putInt(BatchFields.RECORD_COUNT, MANY).putInt(BatchFields.LAST_OFFSET_DELTA, MANY - 1);
        assertFault(Fault.INVALID_RECORD, "declares " + MANY + " records in", HostileBytes.repair(many));
        ByteBuffer producer = good().putLong(BatchFields.PRODUCER_ID, 1);
        assertFault(Fault.INVALID_RECORD, "base sequence -1", HostileBytes.repair(producer));
    }

    private static ByteBuffer good() {
        return RoundTripTest.build(Compression.NONE, new RandomRecords(2).batch(0), 0);
    }

    private static ByteBuffer repaired(int field, int value) {
        return HostileBytes.repair(good().putShort(field, (short) value));
    }

    private static void assertFault(Fault fault, String words, ByteBuffer batch) {
        BatchCheck check = BatchChecks.structure(batch, 1 << 20);
        assertThat(check, instanceOf(BatchCheck.Invalid.class));
        BatchCheck.Invalid invalid = (BatchCheck.Invalid) check;
        assertThat(invalid.detail(), invalid.fault(), is(fault));
        assertThat(invalid.detail(), containsString(words));
    }

    @Test
    void theFaultyBatchOfManyIsNamed() {
        ByteBuffer three = ByteBuffer.allocate(3 * good().limit());
        three.put(good()).put(good()).put(HostileBytes.repair(good().putInt(BatchFields.RECORD_COUNT, 0)));
        BatchCheck check = BatchChecks.structure(three.flip(), 1 << 20);
        assertThat(((BatchCheck.Invalid) check).batchIndex(), is(2));
        assertThat(three.position(), is(0));
    }

    @Test
    void sizesThatAreOnlyClaimedTakeNoMemory() {
        int[] claims = {MANY, -MANY, -2, 1 << 20};
        for (int claim : claims) {
            for (Compression codec : Compression.values()) {
                assertCheapRefusal("record length " + claim, codec, record(varint(claim)));
                assertCheapRefusal("key " + claim, codec, record(body(0, 0, 0), varint(claim)));
                assertCheapRefusal("value " + claim, codec, record(body(0, 0, 0, 1), varint(claim)));
                assertCheapRefusal("headers " + claim, codec, record(body(0, 0, 0, 1, 1), varint(claim)));
                assertCheapRefusal("header name " + claim, codec, record(body(0, 0, 0, 1, 1, 2), varint(claim)));
                assertCheapRefusal("header value " + claim, codec, record(body(0, 0, 0, 1, 1, 2, 0), varint(claim)));
            }
        }
    }

    @Test
    void numbersThatNeverEndAreRefused() {
        byte[] endless = new byte[12];
        Arrays.fill(endless, (byte) 0x80);
        byte[] tooWide = {(byte) 0x80, (byte) 0x80, (byte) 0x80, (byte) 0x80, 0x10};
        for (Compression codec : Compression.values()) {
            assertCheapRefusal("length", codec, endless);
            assertCheapRefusal("length", codec, tooWide);
            assertCheapRefusal("timestamp", codec, record(body(0), endless));
            assertCheapRefusal("offset", codec, record(body(0, 0), tooWide));
        }
    }

    @ParameterizedTest
    @EnumSource(names = "NONE", mode = EnumSource.Mode.EXCLUDE)
    void bombsStopAtTheLimits(Compression codec) {
        byte[] zeros = new byte[32 << 20];
        ByteBuffer bomb = HostileBytes.withPayload(good(), codec, deflate(codec, zeros));
        InflationLimits byBytes = new InflationLimits(3 << 20, Integer.MAX_VALUE);
        InflationLimits byRatio = new InflationLimits(1 << 30, 2);
        for (InflationLimits limits : List.of(byBytes, byRatio)) {
            long before = allocated();
            BatchCheck check = BatchChecks.records(bomb, limits);
            long taken = allocated() - before;
            assertThat(check, instanceOf(BatchCheck.Invalid.class));
            assertThat(check.toString(), ((BatchCheck.Invalid) check).fault(), is(Fault.RECORD_LIST_TOO_LARGE));
            assertThat(codec + " " + limits, taken, lessThan(12L << 20));
        }
        InflationLimits enough = new InflationLimits(32 << 20, 1 << 20);
        BatchCheck inflated = BatchChecks.records(bomb, enough);
        assertThat(inflated.toString(), ((BatchCheck.Invalid) inflated).fault(), is(Fault.INVALID_RECORD));
    }

    @ParameterizedTest
    @EnumSource
    void goodRecordsOfExactlyTheLimitPassAndOneByteLessDoesNot(Compression codec) {
        List<LogRecord> records = new RandomRecords(8).batch(0);
        int bytes = RoundTripTest.build(Compression.NONE, records, 0).limit() - BatchFields.HEADER_SIZE;
        ByteBuffer batch = RoundTripTest.build(codec, records, 0);
        BatchCheck enough = BatchChecks.records(batch, new InflationLimits(bytes, 1_000));
        assertThat(enough, instanceOf(BatchCheck.Valid.class));
        BatchCheck tooLittle = BatchChecks.records(batch, new InflationLimits(bytes - 1, 1_000));
        assertThat(((BatchCheck.Invalid) tooLittle).fault(), is(Fault.RECORD_LIST_TOO_LARGE));
    }

    @Test
    void checksTakeNoMemoryForRecordsOrBytes() {
        BatchBuilder builder = new BatchBuilder(Compression.NONE, -1);
        ByteBuffer value = ByteBuffer.allocate(50);
        for (int i = 0; i < 10_000; i++) {
            builder.append(i, value, value, List.of(new RecordHeader("a", value)));
        }
        ByteBuffer batch = builder.build(0, 0);
        for (int round = 0; round < 3; round++) {
            long before = allocated();
            BatchCheck structure = BatchChecks.structure(batch, 1 << 30);
            BatchCheck records = BatchChecks.records(batch, LIMITS);
            long taken = allocated() - before;
            assertThat(structure, instanceOf(BatchCheck.Valid.class));
            assertThat(records, instanceOf(BatchCheck.Valid.class));
            assertThat("round " + round, round == 0 ? 0 : taken, lessThan(4_096L));
        }
    }

    private static void assertCheapRefusal(String what, Compression codec, byte[] payload) {
        byte[] sent = codec == Compression.NONE ? payload : deflate(codec, payload);
        ByteBuffer batch = HostileBytes.withPayload(
                RoundTripTest.build(Compression.NONE, List.of(new LogRecord(0, 0, null, null, List.of())), 0),
                codec,
                sent);
        BatchChecks.records(batch, LIMITS); // loads what is loaded once
        long before = allocated();
        BatchCheck check = BatchChecks.records(batch, LIMITS);
        long taken = allocated() - before;
        assertThat(what + " " + codec, check, instanceOf(BatchCheck.Invalid.class));
        assertThat(what + " " + codec, taken, lessThan(300_000L));
    }

    /** A record of the right length whose parts are given. */
    private static byte[] record(byte[]... parts) {
        ByteBuffer all = ByteBuffer.allocate(200);
        if (parts.length == 1) {
            return all.put(parts[0]).put(new byte[10]).array();
        }
        int length = Arrays.stream(parts).mapToInt(part -> part.length).sum() + 10;
        all.put(varint(length));
        Arrays.stream(parts).forEach(all::put);
        return Arrays.copyOf(all.array(), all.position() + 10);
    }

    private static byte[] body(int... bytes) {
        byte[] body = new byte[bytes.length];
        for (int i = 0; i < bytes.length; i++) {
            body[i] = (byte) bytes[i];
        }
        return body;
    }

    private static byte[] varint(int value) {
        byte[] bytes = new byte[5];
        return Arrays.copyOf(bytes, Varints.put(bytes, 0, value));
    }

    private static byte[] deflate(Compression codec, byte[] payload) {
        byte[] deflated = new byte[Codec.of(codec).maxDeflated(payload.length)];
        return Arrays.copyOf(deflated, Codec.of(codec).deflate(payload, 0, payload.length, deflated, 0, -1));
    }

    private static long allocated() {
        return ((ThreadMXBean) ManagementFactory.getThreadMXBean()).getCurrentThreadAllocatedBytes();
    }
}
