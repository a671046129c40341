package io.jofka.node.consensus;

import io.jofka.node.common.Seed;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.channels.OverlappingFileLockException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.Base64;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.UUID;

/**
 * The formatted metadata folder: who it belongs to. A folder of another node, another layout, or one that holds data
 * without an identity is refused, so that nobody's metadata is ever mixed or taken for empty.
 */
record MetadataFolder(
        Path directory, String clusterId, int nodeId, UUID directoryId, Membership membership, FileChannel lock) {
    /** Whether the node may vote with what the folder holds. */
    enum Membership {
        /** It may, or is no voter at all. */
        SETTLED,
        /** The folder is new, and it is not known yet whether the cluster is. */
        NEW,
        /** The cluster has a past that this folder has lost: it only follows until it has caught up. */
        LOST
    }

    private static final String FILE = "identity";
    private static final String FORMAT = "1";
    private static final String LOCK = "lock";

    /** @param config whose folder it is to be */
    static MetadataFolder open(RaftConfig config, Seed seed) {
        Path directory = config.directory();
        try {
            Path file = directory.resolve(FILE);
            Files.createDirectories(directory);
            FileChannel lock = lock(directory);
            if (Files.exists(file)) {
                return read(config, file, lock);
            }
            if (!isEmpty(directory)) {
                throw new RefusedFolder("The folder " + directory
                        + " holds files but no identity: it is not a metadata folder, or its identity file was lost."
                        + " Nothing was changed.");
            }
            return format(config, file, seed, lock);
        } catch (IOException e) {
            throw new UncheckedIOException(
                    "The metadata folder " + directory + " cannot be used: " + e.getMessage(), e);
        }
    }

    /** Two processes on one folder would destroy it. */
    private static FileChannel lock(Path directory) throws IOException {
        FileChannel channel =
                FileChannel.open(directory.resolve(LOCK), StandardOpenOption.CREATE, StandardOpenOption.WRITE);
        boolean locked;
        try {
            locked = channel.tryLock() != null;
        } catch (OverlappingFileLockException e) {
            locked = false;
        }
        if (!locked) {
            channel.close();
            throw new RefusedFolder("The folder " + directory + " is in use by another process.");
        }
        return channel;
    }

    /** Lets another process have the folder. */
    void unlock() {
        try {
            lock.close();
        } catch (IOException e) {
            throw new UncheckedIOException("the lock of " + directory + " cannot be released", e);
        }
    }

    private static boolean isEmpty(Path directory) throws IOException {
        try (var entries = Files.list(directory)) {
            return entries.noneMatch(entry -> !entry.getFileName().toString().endsWith(".tmp")
                    && !entry.getFileName().toString().equals(LOCK));
        }
    }

    private static MetadataFolder format(RaftConfig config, Path file, Seed seed, FileChannel lock) throws IOException {
        String clusterId = config.clusterId().isEmpty() ? clusterId(seed.nextUuid()) : config.clusterId();
        boolean manyVoters = config.isVoter() && !config.isOnlyVoter();
        MetadataFolder made = new MetadataFolder(
                config.directory(),
                clusterId,
                config.nodeId(),
                manyVoters ? Members.directoryId(clusterId, config.nodeId()) : seed.nextUuid(),
                manyVoters ? Membership.NEW : Membership.SETTLED,
                lock);
        made.write(file);
        ChecksummedFile.forceName(config.directory());
        ChecksummedFile.forceName(config.directory().resolve(".."));
        return made;
    }

    private void write(Path file) throws IOException {
        Map<String, String> values = new LinkedHashMap<>();
        values.put("format", FORMAT);
        values.put("clusterId", clusterId);
        values.put("nodeId", Integer.toString(nodeId));
        values.put("directoryId", directoryId.toString());
        values.put("membership", membership.name());
        ChecksummedFile.write(file, values);
    }

    /** The same folder with another membership, durable before return. */
    MetadataFolder with(Membership newMembership) {
        MetadataFolder changed = new MetadataFolder(directory, clusterId, nodeId, directoryId, newMembership, lock);
        try {
            changed.write(directory.resolve(FILE));
        } catch (IOException e) {
            throw new UncheckedIOException("the identity of " + directory + " cannot be written", e);
        }
        return changed;
    }

    /** What the engine is to be called: a folder that may not vote is another replica than the voter (KIP-853). */
    UUID engineDirectoryId() {
        return membership == Membership.SETTLED
                ? directoryId
                : UUID.nameUUIDFromBytes(("lost/" + directoryId).getBytes(java.nio.charset.StandardCharsets.UTF_8));
    }

    private static MetadataFolder read(RaftConfig config, Path file, FileChannel lock) throws IOException {
        Path directory = config.directory();
        Map<String, String> values = ChecksummedFile.read(file);
        if (!FORMAT.equals(values.get("format"))) {
            throw new RefusedFolder("The folder " + directory + " has format " + values.get("format")
                    + "; this version reads format " + FORMAT + ". Nothing was changed.");
        }
        if (!Integer.toString(config.nodeId()).equals(values.get("nodeId"))) {
            throw new RefusedFolder("The folder " + directory + " belongs to node " + values.get("nodeId")
                    + ", and this is node " + config.nodeId() + ". Nothing was changed.");
        }
        String clusterId = String.valueOf(values.get("clusterId"));
        if (!config.clusterId().isEmpty() && !config.clusterId().equals(clusterId)) {
            throw new RefusedFolder("The folder " + directory + " belongs to the cluster " + clusterId
                    + ", and this node is set to " + config.clusterId() + ". Nothing was changed.");
        }
        try {
            return new MetadataFolder(
                    directory,
                    clusterId,
                    config.nodeId(),
                    UUID.fromString(String.valueOf(values.get("directoryId"))),
                    Membership.valueOf(values.getOrDefault("membership", Membership.SETTLED.name())),
                    lock);
        } catch (IllegalArgumentException e) {
            throw new RefusedFolder("The identity of " + directory + " cannot be understood. Nothing was changed.");
        }
    }

    /** 22 characters as Kafka writes cluster ids: the UUID in URL-safe base 64 without padding. */
    private static String clusterId(UUID id) {
        byte[] bytes = ByteBuffer.allocate(16)
                .putLong(id.getMostSignificantBits())
                .putLong(id.getLeastSignificantBits())
                .array();
        return Base64.getUrlEncoder().withoutPadding().encodeToString(bytes);
    }
}
