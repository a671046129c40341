package io.jofka.api.batch;

import static org.hamcrest.MatcherAssert.assertThat;
import static org.hamcrest.Matchers.greaterThan;
import static org.hamcrest.Matchers.is;

import java.nio.ByteBuffer;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.TreeMap;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;

/**
 * Our codec against Kafka's own on damaged batches whose checksum is right. What we accept, Kafka must read with the
 * same records, else a batch in the log would stop its consumers. What Kafka reads and we refuse must be one of the
 * cases of docs/format.md. {@code -Dseeds=} asks for more; a failure names its seed.
 */
class KafkaHostileTest {
    private static final InflationLimits LIMITS = InflationLimits.defaults();
    private static final int SEEDS = Integer.getInteger("seeds", 1_500);

    /** Where Kafka's reader is laxer, by what we say; each is a row of docs/format.md. */
    private static final List<Pattern> STRICTER = List.of(
            Pattern.compile("Bytes follow the end of the LZ4 frame\\."),
            Pattern.compile("The content checksum of the LZ4 frame is wrong\\."),
            Pattern.compile("The snappy stream ends within the size of a block\\."),
            Pattern.compile("Record \\d+ of the batch has the offset delta -?\\d+\\."),
            Pattern.compile("The batch declares -?\\d+ records(, but its last offset delta is -?\\d+)?\\."),
            Pattern.compile("The batch has a producer id, but epoch .*"),
            Pattern.compile("The batch is transactional, but has no producer id\\."),
            Pattern.compile("A batch that is sent has no delete horizon\\."),
            Pattern.compile("The batch has unknown attributes .*"),
            Pattern.compile("The (key|value|header value) of a record declares -\\d+ bytes; .*"),
            Pattern.compile("A record holds a number of more than (32|64) bits\\."));

    @Test
    void damagedBatchesAreJudgedAlike() {
        TreeMap<String, Integer> seen = new TreeMap<>();
        for (long seed = 0; seed < SEEDS; seed++) {
            RandomRecords draw = new RandomRecords(seed);
            ByteBuffer hostile = draw(draw);
            judge("seed " + seed, hostile, seen);
        }
        assertThat(seen.toString(), seen.getOrDefault("both refuse", 0), greaterThan(SEEDS / 10));
        assertThat(seen.toString(), seen.getOrDefault("both accept", 0), greaterThan(SEEDS / 10));
    }

    private static ByteBuffer draw(RandomRecords draw) {
        Random random = draw.random();
        List<LogRecord> records = draw.batch(random.nextLong(1L << 40));
        KafkaBatches.Shape shape = KafkaBatches.Shape.draw(draw);
        ByteBuffer batch = KafkaBatches.build(shape, records);
        return switch (random.nextInt(3)) {
            case 0 -> HostileBytes.damageHeader(batch, random);
            case 1 -> HostileBytes.damagePayload(batch, random);
            default ->
                HostileBytes.damageRecords(
                        new BatchRewriter(Compression.NONE, -1, LIMITS).recompress(batch, 0), shape.codec(), random);
        };
    }

    private static void judge(String at, ByteBuffer hostile, Map<String, Integer> seen) {
        String refused = ours(hostile);
        List<LogRecord> theirs = theirs(hostile);
        String verdict;
        if (refused.isEmpty()) {
            List<LogRecord> read = BatchReader.of(hostile, 0, LIMITS).toList();
            assertThat(at + ": we accept, Kafka's records are", theirs, is(read));
            verdict = "both accept";
        } else if (theirs == null) {
            verdict = "both refuse";
        } else {
            boolean known = STRICTER.stream()
                    .anyMatch(sentence -> sentence.matcher(refused).matches());
            assertThat(at + ": Kafka accepts; we say: " + refused, known, is(true));
            verdict = "stricter";
        }
        seen.merge(verdict, 1, Integer::sum);
    }

    /** The sentence of refusal, empty if accepted. */
    private static String ours(ByteBuffer batch) {
        BatchCheck check = BatchChecks.structure(batch, 1 << 30);
        if (check instanceof BatchCheck.Valid) {
            check = BatchChecks.records(batch, LIMITS);
        }
        return switch (check) {
            case BatchCheck.Valid valid -> "";
            case BatchCheck.Invalid invalid -> invalid.detail();
        };
    }

    /** Null if Kafka refuses, by whatever it throws; a claimed size makes it run out of memory at times. */
    @SuppressWarnings("NullAway")
    private static List<LogRecord> theirs(ByteBuffer batch) {
        try {
            return KafkaBatches.read(batch);
        } catch (RuntimeException | OutOfMemoryError | org.xerial.snappy.SnappyError e) {
            return null;
        }
    }
}
