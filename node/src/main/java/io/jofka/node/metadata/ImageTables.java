package io.jofka.node.metadata;

import io.jofka.node.metadata.MetadataRecord.Feature;
import io.jofka.node.metadata.MetadataRecord.ProducerIdBlock;
import io.jofka.node.metadata.NodeImage.Endpoint;
import io.jofka.node.storage.snapshot.DamagedImage;
import io.jofka.node.storage.snapshot.ImageDatabase;
import io.jofka.node.storage.snapshot.ImageHeader;
import io.jofka.node.storage.snapshot.ImageTable;
import io.jofka.node.storage.snapshot.ImageTable.Column;
import io.jofka.node.storage.snapshot.ImageTable.ColumnType;
import io.jofka.node.storage.snapshot.ImageTable.Rows;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.UUID;

/** The cluster image as tables of an H2 image, and back. The tables are for people too: names say what they hold. */
public final class ImageTables {
    private static final int SCHEMA_VERSION = 3;

    private static final Layout FEATURE = new Layout("feature", 1, text("name"), number("level"));
    private static final Layout NODE = new Layout(
            "node",
            1,
            number("id"),
            id("incarnation"),
            flag("broker"),
            flag("controller"),
            flag("fenced"),
            text("rack"),
            text("log_directories"),
            flag("draining"),
            flag("decommissioning"));
    private static final Layout ENDPOINT =
            new Layout("node_endpoint", 2, number("node_id"), text("listener"), text("host"), number("port"));
    private static final Layout NODE_CONFIG =
            new Layout("node_config", 2, text("node_id"), text("config_key"), text("config_value"));
    private static final Layout PRODUCER_IDS = new Layout("producer_id_block", 1, big("next_producer_id"));
    private static final Layout TOPIC = new Layout(
            "topic", 1, id("id"), text("name"), flag("internal"), big("created_index"), big("changed_index"));
    private static final Layout PARTITION = new Layout(
            "partition_state",
            2,
            id("topic_id"),
            number("partition_number"),
            text("replicas"),
            text("isr"),
            text("eligible"),
            number("leader"),
            number("leader_epoch"),
            number("partition_epoch"),
            text("adding"),
            text("removing"));
    private static final Layout TOPIC_CONFIG =
            new Layout("topic_config", 2, id("topic_id"), text("config_key"), text("config_value"));

    private ImageTables() {}

    private record Layout(String name, int keyColumns, List<Column> columns) {
        Layout(String name, int keyColumns, Column... columns) {
            this(name, keyColumns, List.of(columns));
        }

        ImageTable with(Rows rows) {
            return new ImageTable(name, columns, keyColumns, rows);
        }
    }

    private static Column id(String name) {
        return new Column(name, ColumnType.ID);
    }

    private static Column text(String name) {
        return new Column(name, ColumnType.TEXT);
    }

    private static Column number(String name) {
        return new Column(name, ColumnType.INT);
    }

    private static Column big(String name) {
        return new Column(name, ColumnType.LONG);
    }

    private static Column flag(String name) {
        return new Column(name, ColumnType.FLAG);
    }

    public static ImageHeader header(MetadataImage image) {
        return new ImageHeader(
                image.index(), image.term(), image.clusterId(), SCHEMA_VERSION, ImageRecords.digest(image), Map.of());
    }

    public static List<ImageTable> tables(MetadataImage image) {
        return List.of(
                FEATURE.with(target ->
                        image.features().forEach((name, level) -> target.accept(new Object[] {name, level}))),
                NODE.with(target -> image.nodes()
                        .forEach(node -> target.accept(new Object[] {
                            node.id(),
                            node.incarnation(),
                            node.broker(),
                            node.controller(),
                            node.fenced(),
                            node.rack(),
                            ConfigLists.join(node.logDirectories().stream()
                                    .map(UUID::toString)
                                    .toList()),
                            node.draining(),
                            node.decommissioning()
                        }))),
                ENDPOINT.with(target -> image.nodes()
                        .forEach(node -> node.endpoints()
                                .forEach((listener, endpoint) -> target.accept(
                                        new Object[] {node.id(), listener, endpoint.host(), endpoint.port()})))),
                NODE_CONFIG.with(target -> image.allNodeConfigs()
                        .forEach((node, configs) ->
                                configs.forEach((key, value) -> target.accept(new Object[] {node, key, value})))),
                PRODUCER_IDS.with(target -> target.accept(new Object[] {image.nextProducerId()})),
                TOPIC.with(target -> image.topics()
                        .forEach(topic -> target.accept(new Object[] {
                            topic.id(), topic.name(), topic.internal(), topic.createdIndex(), topic.changedIndex()
                        }))),
                PARTITION.with(target -> image.topics()
                        .forEach(topic ->
                                topic.partitions().forEach(partition -> target.accept(row(topic.id(), partition))))),
                TOPIC_CONFIG.with(target -> image.topics()
                        .forEach(topic -> topic.configs()
                                .forEach((key, value) -> target.accept(new Object[] {topic.id(), key, value})))));
    }

    private static Object[] row(UUID topic, PartitionImage partition) {
        return new Object[] {
            topic,
            partition.partition(),
            numbers(partition.replicas()),
            numbers(partition.isr()),
            numbers(partition.eligible()),
            partition.leader(),
            partition.leaderEpoch(),
            partition.partitionEpoch(),
            numbers(partition.adding()),
            numbers(partition.removing())
        };
    }

    /** The image in a database. Fails with {@link DamagedImage} when it is not exactly what was written. */
    public static MetadataImage read(ImageDatabase database) throws DamagedImage {
        ImageHeader header = database.header();
        if (header.schemaVersion() != SCHEMA_VERSION) {
            throw new DamagedImage("the image has schema version " + header.schemaVersion());
        }
        List<MetadataRecord> records = new ArrayList<>();
        if (!header.clusterId().isEmpty()) {
            records.add(new MetadataRecord.Cluster(header.clusterId()));
        }
        MetadataImage image;
        try {
            readCluster(database, records);
            readTopics(database, records);
            image = ImageRecords.image(records, header.index(), header.term());
        } catch (RuntimeException e) {
            throw new DamagedImage("the rows of the image contradict each other: " + e.getMessage(), e);
        }
        String digest = ImageRecords.digest(image);
        if (!digest.equals(header.sha256())) {
            throw new DamagedImage("the image's digest is " + digest + " instead of " + header.sha256());
        }
        return image;
    }

    private static void readCluster(ImageDatabase database, List<MetadataRecord> records) throws DamagedImage {
        each(database, FEATURE, row -> records.add(new Feature((String) row[0], (Integer) row[1])));
        Map<Integer, Map<String, Endpoint>> endpoints = new HashMap<>();
        each(
                database,
                ENDPOINT,
                row -> endpoints
                        .computeIfAbsent((Integer) row[0], _ -> new HashMap<>())
                        .put((String) row[1], new Endpoint((String) row[2], (Integer) row[3])));
        each(
                database,
                NODE,
                row -> records.add(new MetadataRecord.NodeRegistered(new NodeImage(
                        (Integer) row[0],
                        (UUID) row[1],
                        (Boolean) row[2],
                        (Boolean) row[3],
                        (Boolean) row[4],
                        (String) row[5],
                        Map.copyOf(endpoints.getOrDefault((Integer) row[0], Map.of())),
                        ConfigLists.split((String) row[6]).stream()
                                .map(UUID::fromString)
                                .toList(),
                        (Boolean) row[7],
                        (Boolean) row[8]))));
        Map<String, Map<String, Optional<String>>> configs = new TreeMap<>();
        each(
                database,
                NODE_CONFIG,
                row -> configs.computeIfAbsent((String) row[0], _ -> new HashMap<>())
                        .put((String) row[1], Optional.of((String) row[2])));
        configs.forEach((node, entries) -> records.add(new MetadataRecord.NodeConfig(node, Map.copyOf(entries))));
        each(database, PRODUCER_IDS, row -> {
            long next = (Long) row[0];
            if (next > 0) {
                records.add(new ProducerIdBlock(-1, 0, next));
            }
        });
    }

    private static void readTopics(ImageDatabase database, List<MetadataRecord> records) throws DamagedImage {
        each(
                database,
                TOPIC,
                row -> records.add(new MetadataRecord.Topic(
                        (String) row[1], (UUID) row[0], (Boolean) row[2], (Long) row[3], (Long) row[4])));
        each(
                database,
                PARTITION,
                row -> records.add(new MetadataRecord.Partition(
                        (UUID) row[0],
                        new PartitionImage(
                                (Integer) row[1],
                                numbers((String) row[2]),
                                numbers((String) row[3]),
                                numbers((String) row[4]),
                                (Integer) row[5],
                                (Integer) row[6],
                                (Integer) row[7],
                                numbers((String) row[8]),
                                numbers((String) row[9])))));
        Map<UUID, Map<String, Optional<String>>> configs = new LinkedHashMap<>();
        each(
                database,
                TOPIC_CONFIG,
                row -> configs.computeIfAbsent((UUID) row[0], _ -> new HashMap<>())
                        .put((String) row[1], Optional.of((String) row[2])));
        configs.forEach((topic, entries) -> records.add(new MetadataRecord.TopicConfig(topic, Map.copyOf(entries))));
    }

    private static void each(ImageDatabase database, Layout layout, java.util.function.Consumer<Object[]> row)
            throws DamagedImage {
        database.each(layout.name(), layout.columns(), layout.keyColumns(), row);
    }

    private static String numbers(List<Integer> ids) {
        return ConfigLists.join(ids.stream().map(String::valueOf).toList());
    }

    private static List<Integer> numbers(String ids) {
        return ConfigLists.split(ids).stream().map(Integer::valueOf).toList();
    }
}
