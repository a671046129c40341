package io.jofka.node.controller;

import static org.hamcrest.MatcherAssert.assertThat;
import static org.hamcrest.Matchers.contains;
import static org.hamcrest.Matchers.equalTo;
import static org.hamcrest.Matchers.greaterThan;
import static org.hamcrest.Matchers.instanceOf;
import static org.hamcrest.Matchers.is;
import static org.hamcrest.Matchers.lessThan;

import io.jofka.api.fault.Fault;
import io.jofka.node.controller.TopicAdmin.Answer;
import io.jofka.node.controller.TopicAdmin.Created;
import io.jofka.node.controller.TopicAdmin.Deleted;
import io.jofka.node.controller.TopicAdmin.Outcome;
import io.jofka.node.controller.TopicAdmin.TopicRef;
import io.jofka.node.metadata.TopicImage;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.UUID;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The metadata side of a node on the real engine, over its life and over restarts. */
class MetadataPlaneTest {
    @TempDir
    Path directory;

    @Test
    void topicsSurviveARestartWithTheirIdsAndSettings() throws Exception {
        UUID id;
        try (Plane node = Plane.start(directory)) {
            Created made = node.create("orders", 3, Map.of("retention.ms", "1000"));
            id = made.id();
            assertThat(made.partitions(), is(3));
            assertThat(
                    node.plane()
                            .images()
                            .current()
                            .topic("orders")
                            .orElseThrow()
                            .id(),
                    is(id));
        }
        try (Plane node = Plane.start(directory)) {
            TopicImage topic = node.plane().images().current().topic("orders").orElseThrow();
            assertThat(topic.id(), is(id));
            assertThat(topic.partitions().size(), is(3));
            assertThat(topic.configs(), is(Map.of("retention.ms", "1000")));
        }
    }

    @Test
    void aNewLifeOfTheNodeBeginsNewLeaderEpochs() throws Exception {
        try (Plane node = Plane.start(directory)) {
            node.create("orders", 2, Map.of());
            assertThat(node.leaderEpoch("orders", 1), is(0));
        }
        try (Plane node = Plane.start(directory)) {
            assertThat(node.leaderEpoch("orders", 0), is(1));
            assertThat(node.leaderEpoch("orders", 1), is(1));
        }
    }

    @Test
    void snapshotsAreLoadedFromH2AndTheTailFromTheLog() throws Exception {
        List<String> before;
        try (Plane node = Plane.start(directory)) {
            node.create("a", 1, Map.of());
            long index = node.plane().quorum().snapshot().get(20, TimeUnit.SECONDS);
            assertThat(index, is(node.plane().images().current().index()));
            node.create("b", 2, Map.of("cleanup.policy", "compact"));
            before = node.describe();
            assertThat(node.plane().quorum().status().snapshot().orElseThrow().store(), is("checkpoint+h2"));
        }
        try (Plane node = Plane.start(directory)) {
            assertThat(node.describe(), is(before));
        }
    }

    @Test
    void aDamagedH2ImageIsReplacedFromTheCheckpoint() throws Exception {
        List<String> before;
        try (Plane node = Plane.start(directory)) {
            node.create("a", 1, Map.of());
            node.plane().quorum().snapshot().get(20, TimeUnit.SECONDS);
            before = node.describe();
        }
        Path image = onlyImage();
        byte[] bytes = Files.readAllBytes(image);
        for (int at = 4096; at < bytes.length; at += 512) {
            bytes[at] ^= 0x5A;
        }
        Files.write(image, bytes);
        try (Plane node = Plane.start(directory)) {
            assertThat(node.describe(), is(before));
        }
        try (Plane node = Plane.start(directory)) {
            assertThat(node.describe(), is(before));
        }
    }

    @Test
    void aMissingH2ImageDoesNotMeanThatThereAreNoTopics() throws Exception {
        List<String> before;
        try (Plane node = Plane.start(directory)) {
            node.create("a", 1, Map.of());
            node.plane().quorum().snapshot().get(20, TimeUnit.SECONDS);
            before = node.describe();
        }
        Files.delete(onlyImage());
        try (Plane node = Plane.start(directory)) {
            assertThat(node.describe(), is(before));
        }
        assertThat(Files.exists(onlyImage()), is(true));
    }

    @Test
    void listenersSeeEveryStepBeforeTheAnswerIsGiven() throws Exception {
        try (Plane node = Plane.start(directory)) {
            List<String> seen = new ArrayList<>();
            node.plane()
                    .images()
                    .onChange((before, after) -> after.changedTopics(before)
                            .ifPresent(ids -> ids.forEach(id -> seen.add(
                                    after.topic(id).map(TopicImage::name).orElse("gone")))));
            node.create("a", 1, Map.of());
            assertThat(seen, contains("a"));
            Answer<Deleted> gone = node.plane()
                    .topics()
                    .deleteTopics(
                            List.of(new TopicRef(Optional.of("a"), Optional.empty(), Optional.empty())), false, 5_000)
                    .get(5, TimeUnit.SECONDS);
            assertThat(gone.outcomes().getFirst(), instanceOf(Outcome.Ok.class));
            assertThat(seen, contains("a", "gone"));
            assertThat(node.plane().images().await(gone.index(), 0), is(true));
        }
    }

    @Test
    void manyWaitingCommandsShareFewCommits() throws Exception {
        try (Plane node = Plane.start(directory)) {
            List<CompletableFuture<Answer<Created>>> answers = new ArrayList<>();
            for (int i = 0; i < 500; i++) {
                answers.add(
                        node.plane().topics().createTopics(List.of(Plane.spec("t" + i, 1, Map.of())), false, 20_000));
            }
            for (CompletableFuture<Answer<Created>> answer : answers) {
                assertThat(answer.get(20, TimeUnit.SECONDS).outcomes().getFirst(), instanceOf(Outcome.Ok.class));
            }
            assertThat(node.plane().images().current().topics().size(), is(500));
        }
    }

    @Test
    void oneCommitIsFast() throws Exception {
        try (Plane node = Plane.start(directory)) {
            long best = Long.MAX_VALUE;
            for (int i = 0; i < 50; i++) {
                long began = System.nanoTime();
                node.create("t" + i, 1, Map.of());
                best = Math.min(best, System.nanoTime() - began);
            }
            assertThat(TimeUnit.NANOSECONDS.toMicros(best), is(lessThan(10_000L)));
        }
    }

    @Test
    void validationChangesNothing() throws Exception {
        try (Plane node = Plane.start(directory)) {
            long index = node.plane().images().current().index();
            Answer<Created> answer = node.plane()
                    .topics()
                    .createTopics(List.of(Plane.spec("a", 1, Map.of())), true, 5_000)
                    .get(5, TimeUnit.SECONDS);
            assertThat(answer.outcomes().getFirst(), instanceOf(Outcome.Ok.class));
            assertThat(node.plane().images().current().index(), is(index));
            assertThat(node.plane().images().current().topics().size(), is(0));
        }
    }

    @Test
    void producerIdsAreNeverGivenTwiceAlsoAfterARestart() throws Exception {
        long next;
        try (Plane node = Plane.start(directory)) {
            assertThat(node.block(), is(0L));
            assertThat(node.block(), is(1_000L));
            next = 2_000;
        }
        try (Plane node = Plane.start(directory)) {
            assertThat(node.block(), is(next));
        }
    }

    @Test
    void callsAfterTheEndAreRefusedAndDoNotHang() throws Exception {
        Plane node = Plane.start(directory);
        node.close();
        Answer<Created> answer = node.plane()
                .topics()
                .createTopics(List.of(Plane.spec("a", 1, Map.of())), false, 1_000)
                .get(5, TimeUnit.SECONDS);
        Outcome<Created> outcome = answer.outcomes().getFirst();
        assertThat(outcome, instanceOf(Outcome.Refused.class));
        assertThat(((Outcome.Refused<Created>) outcome).fault(), is(Fault.SHUTTING_DOWN));
    }

    @Test
    void eventsTellWhatChanged() throws Exception {
        try (Plane node = Plane.start(directory)) {
            node.create("a", 1, Map.of());
            assertThat(node.events().stream().filter("topic.created"::equals).count(), is(equalTo(1L)));
            assertThat(node.events().stream().filter("raft.leader"::equals).count(), is(greaterThan(0L)));
        }
    }

    private Path onlyImage() throws Exception {
        try (var files = Files.list(directory.resolve("metadata").resolve("images"))) {
            List<Path> images = files.toList();
            assertThat(images.size(), is(1));
            return images.getFirst();
        }
    }
}
