package io.jofka.node.storage;

import io.jofka.node.common.Disk;
import io.jofka.node.common.Seed;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.UUID;

/** The file {@code meta}: to which cluster a log directory belongs, its own id, and the format it is written in. */
record DirectoryMeta(int format, UUID directoryId, String clusterId) {
    private static final int KIND = 0x4a464d45;
    private static final int VERSION = 1;
    private static final int FORMAT = 1;
    private static final String FILE = "meta";

    /** Reads it, or writes it into an empty directory. Refuses what is not ours to write, with a clear sentence. */
    static DirectoryMeta claim(Disk disk, Path root, String clusterId, Seed seed) throws IOException {
        Path file = root.resolve(FILE);
        if (disk.exists(file)) {
            DirectoryMeta meta = read(disk, file);
            if (meta.format > FORMAT) {
                throw refused(root + " has format " + meta.format + "; this version knows formats up to " + FORMAT);
            }
            if (!meta.clusterId.equals(clusterId)) {
                throw refused(root + " belongs to cluster " + meta.clusterId + ", not to " + clusterId);
            }
            return meta;
        }
        List<String> names = disk.list(root);
        for (String name : names) {
            if (Inventory.partitionOf(name).isPresent()) {
                throw refused(root + " holds logs but no file '" + FILE + "'; it is not known whose they are");
            }
        }
        DirectoryMeta meta = new DirectoryMeta(FORMAT, seed.nextUuid(), clusterId);
        byte[] cluster = clusterId.getBytes(StandardCharsets.UTF_8);
        ByteBuffer content = ByteBuffer.allocate(4 + 16 + 4 + cluster.length);
        content.putInt(FORMAT)
                .putLong(meta.directoryId.getMostSignificantBits())
                .putLong(meta.directoryId.getLeastSignificantBits())
                .putInt(cluster.length)
                .put(cluster);
        Checked.replace(disk, file, KIND, VERSION, content.flip());
        return meta;
    }

    private static DirectoryMeta read(Disk disk, Path file) throws IOException {
        Optional<ByteBuffer> content = Checked.read(disk, file, KIND, VERSION);
        if (content.isEmpty()) {
            throw refused(file + " is damaged or not ours");
        }
        ByteBuffer in = content.get();
        int format = in.getInt();
        UUID id = new UUID(in.getLong(), in.getLong());
        byte[] cluster = new byte[in.getInt()];
        in.get(cluster);
        return new DirectoryMeta(format, id, new String(cluster, StandardCharsets.UTF_8));
    }

    private static StorageFailure refused(String why) {
        return new StorageFailure(StorageFailure.Scope.DIRECTORY, why);
    }
}
