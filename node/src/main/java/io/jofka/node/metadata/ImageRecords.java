package io.jofka.node.metadata;

import io.jofka.node.metadata.MetadataRecord.Feature;
import io.jofka.node.metadata.MetadataRecord.ProducerIdBlock;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Consumer;

/** An image as the shortest list of records that replays to it, always in the same order: the content of a snapshot. */
public final class ImageRecords {
    /** The node of the one block record in a snapshot: it stands for all blocks given so far. */
    private static final int ALL_NODES = -1;

    private ImageRecords() {}

    public static List<MetadataRecord> of(MetadataImage image) {
        List<MetadataRecord> records = new ArrayList<>();
        write(image, records::add);
        return records;
    }

    /** Hands out the records one after the other, for images too large for a second copy. */
    public static void write(MetadataImage image, Consumer<MetadataRecord> target) {
        if (!image.clusterId().isEmpty()) {
            target.accept(new MetadataRecord.Cluster(image.clusterId()));
        }
        image.features().forEach((name, level) -> target.accept(new Feature(name, level)));
        image.nodes().forEach(node -> target.accept(new MetadataRecord.NodeRegistered(node)));
        image.allNodeConfigs()
                .forEach((node, configs) -> target.accept(new MetadataRecord.NodeConfig(node, entries(configs))));
        if (image.nextProducerId() > 0) {
            target.accept(new ProducerIdBlock(ALL_NODES, 0, image.nextProducerId()));
        }
        for (TopicImage topic : image.topics()) {
            target.accept(new MetadataRecord.Topic(
                    topic.name(), topic.id(), topic.internal(), topic.createdIndex(), topic.changedIndex()));
            for (PartitionImage partition : topic.partitions()) {
                target.accept(new MetadataRecord.Partition(topic.id(), partition));
            }
            if (!topic.configs().isEmpty()) {
                target.accept(new MetadataRecord.TopicConfig(topic.id(), entries(topic.configs())));
            }
        }
    }

    /** SHA-256 over the length and bytes of every record, in lower-case hexadecimal. */
    public static String digest(MetadataImage image) {
        MessageDigest sha = sha256();
        write(image, record -> {
            byte[] bytes = RecordCodec.bytes(record);
            sha.update(new byte[] {
                (byte) (bytes.length >>> 24),
                (byte) (bytes.length >>> 16),
                (byte) (bytes.length >>> 8),
                (byte) bytes.length
            });
            sha.update(bytes);
        });
        return HexFormat.of().formatHex(sha.digest());
    }

    /** The image that some records of a snapshot make, as of an index. */
    public static MetadataImage image(Iterable<MetadataRecord> records, long index, int term) {
        ImageReplay replay = new ImageReplay(MetadataImage.empty());
        for (MetadataRecord record : records) {
            replay.replay(record, index, term);
        }
        replay.advance(index, term);
        return replay.image();
    }

    private static Map<String, Optional<String>> entries(Map<String, String> configs) {
        Map<String, Optional<String>> entries = new HashMap<>();
        configs.forEach((key, value) -> entries.put(key, Optional.of(value)));
        return Map.copyOf(entries);
    }

    private static MessageDigest sha256() {
        try {
            return MessageDigest.getInstance("SHA-256");
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException("every JVM has SHA-256", e);
        }
    }
}
