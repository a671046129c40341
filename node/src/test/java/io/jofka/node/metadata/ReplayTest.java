package io.jofka.node.metadata;

import static org.hamcrest.MatcherAssert.assertThat;
import static org.hamcrest.Matchers.greaterThan;
import static org.hamcrest.Matchers.is;
import static org.hamcrest.Matchers.lessThan;

import io.jofka.node.metadata.MetadataCommand.AlterConfigs;
import io.jofka.node.metadata.MetadataCommand.ConfigChange;
import io.jofka.node.metadata.MetadataCommand.ConfigOp;
import io.jofka.node.metadata.MetadataCommand.CreateTopics;
import io.jofka.node.metadata.MetadataCommand.DeleteTopics;
import io.jofka.node.metadata.MetadataCommand.FenceNode;
import io.jofka.node.metadata.MetadataCommand.GrowTopics;
import io.jofka.node.metadata.MetadataCommand.Growth;
import io.jofka.node.metadata.MetadataCommand.RegisterNode;
import io.jofka.node.metadata.MetadataCommand.TakeProducerIds;
import io.jofka.node.metadata.MetadataCommand.TopicKey;
import io.jofka.node.metadata.proto.RecordEnvelope;
import io.jofka.node.storage.NioDisk;
import io.jofka.node.storage.snapshot.H2Images;
import io.jofka.node.storage.snapshot.ImageDatabase;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Random;
import java.util.UUID;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Whatever was decided, every way back to the image gives the same image. */
class ReplayTest {
    @TempDir
    Path directory;

    @ParameterizedTest
    @ValueSource(longs = {1, 2, 3, 4, 5, 6, 7, 8})
    void logBytesSnapshotAndH2GiveTheSameImage(long seed) throws Exception {
        MachineFixture cluster = new MachineFixture().nodes(3, "a", "b", "");
        Random random = new Random(seed);
        for (int i = 0; i < 400; i++) {
            cluster.run(command(cluster, random));
        }
        List<MetadataRecord> expected = ImageRecords.of(cluster.image);
        assertThat(expected.size(), greaterThan(20));

        MetadataImage oneByOne = MetadataImage.empty();
        ImageReplay atOnce = new ImageReplay(MetadataImage.empty());
        for (int index = 0; index < cluster.log.size(); index++) {
            MetadataRecord record = RecordCodec.record(RecordCodec.bytes(cluster.log.get(index)));
            ImageReplay step = new ImageReplay(oneByOne);
            step.replay(record, index, 1);
            oneByOne = step.image();
            atOnce.replay(record, index, 1);
        }
        assertThat(ImageRecords.of(oneByOne), is(expected));
        assertThat(ImageRecords.of(atOnce.image()), is(expected));

        MetadataImage fromSnapshot = ImageRecords.image(
                expected.stream()
                        .map(RecordCodec::bytes)
                        .map(RecordCodec::record)
                        .toList(),
                cluster.image.index(),
                1);
        assertThat(ImageRecords.of(fromSnapshot), is(expected));
        assertThat(ImageRecords.digest(fromSnapshot), is(ImageRecords.digest(cluster.image)));

        H2Images images = new H2Images(directory.resolve("images" + seed), new NioDisk());
        H2Images.Stored stored = images.write(ImageTables.header(cluster.image), ImageTables.tables(cluster.image));
        try (ImageDatabase database = images.open(stored)) {
            assertThat(ImageRecords.of(ImageTables.read(database)), is(expected));
        }
        for (int node = 1; node <= 3; node++) {
            assertThat(fromSnapshot.load(node), is(cluster.image.load(node)));
        }
    }

    private static MetadataCommand<?> command(MachineFixture cluster, Random random) {
        String name = "t" + random.nextInt(40) + (random.nextBoolean() ? ".x" : "_x");
        return switch (random.nextInt(9)) {
            case 0, 1, 2 ->
                new CreateTopics(List.of(
                        cluster.topic(name, 1 + random.nextInt(4), 1 + random.nextInt(3)),
                        cluster.topic(name + "2", Map.of("flush.ms", "" + random.nextInt(9)))));
            case 3 -> new DeleteTopics(List.of(new TopicKey(Optional.of(name), Optional.empty(), Optional.empty())));
            case 4 -> new GrowTopics(List.of(new Growth(name, 1 + random.nextInt(8), List.of())));
            case 5, 6 -> {
                boolean topic = random.nextBoolean();
                String key = topic ? "retention.ms" : "log.retention.ms";
                ConfigOp op = random.nextInt(3) == 0
                        ? new ConfigOp(ConfigOp.Kind.DELETE, key, "")
                        : new ConfigOp(ConfigOp.Kind.SET, key, "" + random.nextInt(5));
                String node = random.nextBoolean() ? "" : "2";
                yield new AlterConfigs(
                        List.of(new ConfigChange(topic, topic ? name : node, List.of(op), Optional.empty())));
            }
            case 7 -> new TakeProducerIds(1, 1 + random.nextInt(1_000));
            default -> {
                int id = 1 + random.nextInt(3);
                NodeImage node = cluster.image.node(id).orElseThrow();
                yield random.nextBoolean()
                        ? new FenceNode(id, node.incarnation(), random.nextInt(3) == 0)
                        : new RegisterNode(new NodeImage(
                                id,
                                new UUID(random.nextLong(), id),
                                true,
                                random.nextBoolean(),
                                false,
                                node.rack(),
                                node.endpoints(),
                                List.of(new UUID(3, random.nextInt()))));
            }
        };
    }

    @Test
    void recordsOfANewerProgramAreNotSkipped() {
        byte[] unknownKind = RecordEnvelope.newBuilder().setVersion(1).build().toByteArray();
        byte[] newer = RecordEnvelope.newBuilder().setVersion(2).build().toByteArray();
        for (byte[] bytes : List.of(unknownKind, newer, new byte[] {1, 2, 3}, new byte[0])) {
            assertThat(isReadable(bytes), is(false));
        }
        ImageReplay replay = new ImageReplay(MetadataImage.empty());
        MetadataRecord level = new MetadataRecord.Feature(MetadataRecord.Feature.METADATA, 2);
        assertThat(failsUnreadable(() -> replay.replay(level, 0, 1)), is(true));
    }

    private static boolean isReadable(byte[] bytes) {
        return !failsUnreadable(() -> RecordCodec.record(bytes));
    }

    private static boolean failsUnreadable(Runnable step) {
        try {
            step.run();
            return false;
        } catch (UnreadableMetadata e) {
            return true;
        }
    }

    @Test
    void aStepSaysWhichTopicsItChanged() {
        MachineFixture cluster = new MachineFixture().nodes(1);
        MetadataImage before = cluster.image;
        UUID id = MachineFixture.accepted(cluster.create(cluster.topic("a", 1, 1)))
                .id();
        assertThat(cluster.image.changedTopics(before), is(Optional.of(java.util.Set.of(id))));
        assertThat(cluster.image.changedTopics(MetadataImage.empty()), is(Optional.empty()));
        MetadataImage second = cluster.image;
        cluster.run(new TakeProducerIds(1, 1));
        assertThat(cluster.image.changedTopics(second), is(Optional.of(java.util.Set.of())));
    }

    @Test
    void tenThousandTopicsOneByOneStayCheap() {
        MachineFixture cluster = new MachineFixture().nodes(3);
        long began = System.nanoTime();
        for (int i = 0; i < 10_000; i++) {
            cluster.create(cluster.topic("topic-" + i, 1, 1));
        }
        long tookMs = TimeUnit.NANOSECONDS.toMillis(System.nanoTime() - began);
        assertThat(cluster.image.topics().size(), is(10_000));
        assertThat(tookMs, is(lessThan(5_000L)));
    }
}
