package io.jofka.api;

import static org.hamcrest.MatcherAssert.assertThat;
import static org.hamcrest.Matchers.containsString;
import static org.hamcrest.Matchers.is;

import java.util.Random;
import org.apache.kafka.common.errors.InvalidTopicException;
import org.apache.kafka.common.internals.Topic;
import org.junit.jupiter.api.Test;

class TopicNamesTest {
    @Test
    void eachRefusalSaysWhy() {
        assertThat(TopicNames.refusal("").orElseThrow(), containsString("at least one"));
        assertThat(TopicNames.refusal("..").orElseThrow(), containsString("'..'"));
        assertThat(TopicNames.refusal("x".repeat(250)).orElseThrow(), containsString("this one has 250"));
        assertThat(TopicNames.refusal("a/b").orElseThrow(), containsString("Character 2 of the topic name ('/')"));
        assertThat(TopicNames.refusal("a\r\n").orElseThrow(), containsString("U+000D"));
        assertThat(TopicNames.refusal("\ud83d\ude80").orElseThrow(), containsString("U+1F680"));
        assertThat(TopicNames.isValid("x".repeat(249)), is(true));
        assertThat(TopicNames.isValid("..."), is(true));
    }

    @Test
    void acceptsWhatKafkaAccepts() {
        Random random = new Random(3);
        String alphabet = "abzAZ019._-/ :\u00e9\n\u0000%";
        for (int round = 0; round < 20_000; round++) {
            StringBuilder name = new StringBuilder();
            for (int i = random.nextInt(random.nextInt(30) == 0 ? 300 : 5); i > 0; i--) {
                name.append(alphabet.charAt(random.nextInt(random.nextBoolean() ? 11 : alphabet.length())));
            }
            assertThat("'" + name + "'", TopicNames.isValid(name.toString()), is(kafkaAccepts(name.toString())));
        }
    }

    @Test
    void dotsAndUnderscoresCollideAsInKafka() {
        assertThat(TopicNames.collide("a.b_c", "a_b.c"), is(Topic.hasCollision("a.b_c", "a_b.c")));
        assertThat(TopicNames.collide("a.b", "a-b"), is(Topic.hasCollision("a.b", "a-b")));
    }

    private static boolean kafkaAccepts(String name) {
        try {
            Topic.validate(name);
            return true;
        } catch (InvalidTopicException e) {
            return false;
        }
    }
}
