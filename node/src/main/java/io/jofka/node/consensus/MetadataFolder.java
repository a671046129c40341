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
record MetadataFolder(Path directory, String clusterId, int nodeId, UUID directoryId, FileChannel lock) {
    private static final String FILE = "identity";
    private static final String FORMAT = "1";
    private static final String LOCK = "lock";

    static MetadataFolder open(Path directory, int nodeId, Seed seed) {
        try {
            Path file = directory.resolve(FILE);
            Files.createDirectories(directory);
            FileChannel lock = lock(directory);
            if (Files.exists(file)) {
                return read(directory, file, nodeId, lock);
            }
            if (!isEmpty(directory)) {
                throw new RefusedFolder("The folder " + directory
                        + " holds files but no identity: it is not a metadata folder, or its identity file was lost."
                        + " Nothing was changed.");
            }
            return format(directory, file, nodeId, seed, lock);
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

    private static MetadataFolder format(Path directory, Path file, int nodeId, Seed seed, FileChannel lock)
            throws IOException {
        MetadataFolder made = new MetadataFolder(directory, clusterId(seed.nextUuid()), nodeId, seed.nextUuid(), lock);
        Map<String, String> values = new LinkedHashMap<>();
        values.put("format", FORMAT);
        values.put("clusterId", made.clusterId);
        values.put("nodeId", Integer.toString(nodeId));
        values.put("directoryId", made.directoryId.toString());
        ChecksummedFile.write(file, values);
        ChecksummedFile.forceName(directory);
        ChecksummedFile.forceName(directory.resolve(".."));
        return made;
    }

    private static MetadataFolder read(Path directory, Path file, int nodeId, FileChannel lock) throws IOException {
        Map<String, String> values = ChecksummedFile.read(file);
        if (!FORMAT.equals(values.get("format"))) {
            throw new RefusedFolder("The folder " + directory + " has format " + values.get("format")
                    + "; this version reads format " + FORMAT + ". Nothing was changed.");
        }
        if (!Integer.toString(nodeId).equals(values.get("nodeId"))) {
            throw new RefusedFolder("The folder " + directory + " belongs to node " + values.get("nodeId")
                    + ", and this is node " + nodeId + ". Nothing was changed.");
        }
        return new MetadataFolder(
                directory,
                String.valueOf(values.get("clusterId")),
                nodeId,
                UUID.fromString(String.valueOf(values.get("directoryId"))),
                lock);
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
