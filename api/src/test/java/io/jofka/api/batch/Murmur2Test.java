package io.jofka.api.batch;

import static org.hamcrest.MatcherAssert.assertThat;
import static org.hamcrest.Matchers.is;

import java.nio.charset.StandardCharsets;
import java.util.Random;
import org.apache.kafka.common.utils.Utils;
import org.junit.jupiter.api.Test;

class Murmur2Test {
    @Test
    void hashesEveryLengthAsKafkaDoes() {
        Random random = new Random(7);
        for (int length = 0; length < 300; length++) {
            byte[] key = new byte[length];
            random.nextBytes(key);
            assertThat("length " + length, Murmur2.hash(key), is(Utils.murmur2(key)));
        }
    }

    @Test
    void placesKeysAsKafkaDoes() {
        for (int i = 0; i < 10_000; i++) {
            byte[] key = ("key-" + i).getBytes(StandardCharsets.UTF_8);
            int partitions = 1 + i % 97;
            assertThat(Partitioner.forKey(key, partitions), is(Utils.toPositive(Utils.murmur2(key)) % partitions));
        }
    }
}
