package io.jofka.node.consensus;

import io.jofka.node.common.Clock;
import io.jofka.node.common.Net;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.UUID;
import java.util.concurrent.atomic.AtomicInteger;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.Uuid;
import org.apache.kafka.common.config.AbstractConfig;
import org.apache.kafka.common.config.ConfigDef;
import org.apache.kafka.common.metrics.Metrics;
import org.apache.kafka.common.utils.Time;
import org.apache.kafka.common.utils.internals.LogContext;
import org.apache.kafka.raft.ExternalKRaftMetrics;
import org.apache.kafka.raft.KafkaRaftClient;
import org.apache.kafka.raft.KafkaRaftClientDriver;
import org.apache.kafka.raft.LeaderAndEpoch;
import org.apache.kafka.raft.MetadataLogConfig;
import org.apache.kafka.raft.QuorumConfig;
import org.apache.kafka.raft.RaftClient;
import org.apache.kafka.raft.TimingWheelExpirationService;
import org.apache.kafka.raft.internals.KafkaRaftLog;
import org.apache.kafka.server.common.KRaftVersion;
import org.apache.kafka.server.fault.FaultHandler;
import org.apache.kafka.server.util.KafkaScheduler;
import org.apache.kafka.server.util.timer.SystemTimer;
import org.apache.kafka.snapshot.FileRawSnapshotWriter;
import org.apache.kafka.snapshot.RecordsSnapshotWriter;
import org.apache.kafka.snapshot.Snapshots;

/**
 * One run of the Raft engine (kafka-raft) over the files of a metadata folder. Thread-safe once constructed.
 */
final class Engine implements AutoCloseable {
    private static final System.Logger LOGGER = System.getLogger(Engine.class.getName());
    static final TopicPartition LOG = new TopicPartition("__cluster_metadata", 0);
    private static final Uuid LOG_ID = Uuid.METADATA_TOPIC_ID;

    /** Log and checkpoints kept; a start reads every segment that is left. */
    private static final int RETENTION_BYTES = 32 << 20;

    private static final ConfigDef CONFIG = new ConfigDef(QuorumConfig.CONFIG_DEF);

    static {
        MetadataLogConfig.CONFIG_DEF.configKeys().values().forEach(CONFIG::define);
    }

    private final RaftConfig config;
    private final String clusterId;
    /** Term whose leader was found dead; the engine is told once. */
    private final AtomicInteger endedTerm = new AtomicInteger(-1);

    private final EngineTime time;
    private final KafkaScheduler scheduler;
    private final TimingWheelExpirationService expiration;
    private final Metrics metrics = new Metrics();
    private final GuardedRaftLog log;
    private final RaftChannel channel;
    private final KafkaRaftClient<byte[]> client;
    private final KafkaRaftClientDriver<byte[]> driver;

    Engine(
            RaftConfig config,
            MetadataFolder folder,
            Net net,
            Clock clock,
            RaftClient.Listener<byte[]> listener,
            FaultHandler faults) {
        this.config = config;
        this.clusterId = folder.clusterId();
        writeBootstrap(config, folder);
        forceNames(folder);
        time = new EngineTime(clock);
        AbstractConfig values = new AbstractConfig(CONFIG, values(config), false);
        scheduler = new KafkaScheduler(1, true, "jofka-metadata-");
        scheduler.startup();
        LogContext context = new LogContext("[metadata log] ");
        expiration = new TimingWheelExpirationService(new SystemTimer("jofka-metadata-expiry"));
        log = openLog(config, logDirectory(folder), time, scheduler);
        channel = new RaftChannel(net, this::refused);
        client = new KafkaRaftClient<>(
                OptionalInt.of(config.nodeId()),
                uuid(folder.engineDirectoryId()),
                new ByteSerde(),
                channel,
                log,
                time,
                expiration,
                context,
                false,
                clusterId,
                Members.bootstrap(config),
                Members.endpoints(config.nodeId()),
                Members.versions(),
                new QuorumConfig(values));
        try {
            client.initialize(Map.of(), new VoteFile(folder.directory()), metrics, new IgnoredStaticVoters());
        } catch (RuntimeException e) {
            quietly("log", log::close);
            quietly("timer", expiration::shutdown);
            quietly("scheduler", scheduler::shutdown);
            throw e;
        }
        client.register(listener);
        driver = new KafkaRaftClientDriver<>(client, "jofka-metadata-", faults, context);
    }

    static GuardedRaftLog openLog(RaftConfig config, Path directory, Time time, KafkaScheduler scheduler) {
        MetadataLogConfig values = new MetadataLogConfig(new AbstractConfig(CONFIG, values(config), false));
        try {
            ForcedMark mark = ForcedMark.open(directory.resolveSibling("forced"));
            RaftLogCheck.Report report = RaftLogCheck.check(directory, mark.read());
            if (!report.damage().isEmpty()) {
                LOGGER.log(System.Logger.Level.WARNING, "torn tail of the metadata log is cut: {0}", report.damage());
            }
            return new GuardedRaftLog(
                    KafkaRaftLog.createLog(LOG, LOG_ID, directory.toFile(), time, scheduler, values, config.nodeId()),
                    mark);
        } catch (IOException e) {
            throw new UncheckedIOException("the metadata log cannot be opened: " + e.getMessage(), e);
        }
    }

    void start() {
        driver.start();
    }

    /**
     * A leader at whose address nobody listens has ended without saying so: the engine is told what the leader would have
     * told it, so that voters need not wait for the fetch timeout. It only moves the time of an election: who still hears
     * a leader refuses the pre-vote (KIP-996).
     */
    private void refused(int node) {
        LeaderAndEpoch leader = client.leaderAndEpoch();
        int before = endedTerm.get();
        if (config.isVoter()
                && leader.leaderId().orElse(-1) == node
                && leader.epoch() > before
                && endedTerm.compareAndSet(before, leader.epoch())) {
            LOGGER.log(
                    System.Logger.Level.INFO,
                    "nobody listens at the leader of term {0}, node {1}: it is taken for dead",
                    leader.epoch(),
                    node);
            var _ = client.handle(RaftChannel.endOfTerm(clusterId, leader, config.voters(), time.milliseconds()));
        }
    }

    /** Ends the term that this node leads; the successor is told to stand first. */
    void transfer(int term, int successor) {
        channel.succeed(term, successor);
        client.resign(term);
    }

    KafkaRaftClient<byte[]> client() {
        return client;
    }

    GuardedRaftLog log() {
        return log;
    }

    static Path logDirectory(MetadataFolder folder) {
        return folder.directory().resolve(LOG.topic() + "-" + LOG.partition());
    }

    /** The first checkpoint names the voters; a folder without it has never been started. */
    private static void writeBootstrap(RaftConfig config, MetadataFolder folder) {
        Path directory = logDirectory(folder);
        if (Files.exists(directory)) {
            return;
        }
        try {
            if (!config.isVoter() || folder.membership() != MetadataFolder.Membership.SETTLED) {
                // who follows only is told the voters by the leader
                Files.createDirectory(directory);
                return;
            }
            Path temporary = folder.directory().resolve("bootstrap.tmp");
            if (Files.exists(temporary)) {
                try (var files = Files.list(temporary)) {
                    for (Path file : files.toList()) {
                        Files.delete(file);
                    }
                }
            }
            Files.createDirectories(temporary);
            try (RecordsSnapshotWriter<byte[]> writer = new RecordsSnapshotWriter.Builder()
                    .setTime(Time.SYSTEM)
                    .setKraftVersion(KRaftVersion.KRAFT_VERSION_1)
                    .setVoterSet(Optional.of(Members.voters(config, folder)))
                    .setRawSnapshotWriter(FileRawSnapshotWriter.create(temporary, Snapshots.BOOTSTRAP_SNAPSHOT_ID))
                    .build(new ByteSerde())) {
                writer.freeze();
            }
            ChecksummedFile.forceFolder(temporary);
            Files.move(temporary, directory);
        } catch (IOException e) {
            throw new UncheckedIOException("the metadata folder cannot be formatted: " + e.getMessage(), e);
        }
    }

    /** Also after a start that was cut between the move and this: what is acknowledged must not lose its folder. */
    private static void forceNames(MetadataFolder folder) {
        try {
            ChecksummedFile.forceFolder(folder.directory());
        } catch (IOException e) {
            throw new UncheckedIOException("the metadata folder cannot be forced: " + e.getMessage(), e);
        }
    }

    private static Map<String, Object> values(RaftConfig config) {
        Map<String, Object> values = new HashMap<>();
        values.put("controller.quorum.election.timeout.ms", config.electionMs());
        values.put("controller.quorum.fetch.timeout.ms", config.fetchMs());
        // after the end of a term the second candidate waits half of this for the first
        values.put("controller.quorum.election.backoff.max.ms", config.electionMs());
        values.put("controller.quorum.append.linger.ms", 0);
        values.put("metadata.log.segment.bytes", config.segmentBytes());
        values.put("metadata.max.retention.bytes", RETENTION_BYTES);
        return values;
    }

    static Uuid uuid(UUID id) {
        return new Uuid(id.getMostSignificantBits(), id.getLeastSignificantBits());
    }

    /** Ends the run; what was committed is on disk already. Does not fail. */
    @Override
    public void close() {
        quietly("driver", driver::shutdown);
        quietly("client", client::close);
        quietly("log", log::close);
        quietly("timer", expiration::shutdown);
        quietly("scheduler", scheduler::shutdown);
        quietly("metrics", metrics::close);
    }

    private interface Step {
        void run() throws Exception;
    }

    private static void quietly(String what, Step step) {
        try {
            step.run();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        } catch (Exception e) {
            LOGGER.log(System.Logger.Level.WARNING, what + " did not close", e);
        }
    }

    /** The engine tells here that it read voters from its log and not from configuration, as it always does. */
    private static final class IgnoredStaticVoters implements ExternalKRaftMetrics {
        @Override
        public void setIgnoredStaticVoters(boolean ignored) {
            // static voters are never configured
        }
    }
}
