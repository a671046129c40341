package io.jofka.node.storage;

import io.jofka.node.common.Disk;
import io.jofka.node.common.DiskFile;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.Objects;
import java.util.Optional;
import java.util.zip.CRC32C;

/**
 * Small files that are written whole: a kind (4 bytes), a version (4), the content, and a CRC-32C of all before it (4).
 */
final class Checked {
    private static final int FRAME = 12;

    private Checked() {}

    /** The content when the file is there, of this kind and version, and undamaged. */
    static Optional<ByteBuffer> read(Disk disk, Path path, int kind, int version) throws IOException {
        ByteBuffer bytes;
        try (DiskFile file = disk.open(path, false)) {
            long size = file.sizeBytes();
            if (size < FRAME || size > Integer.MAX_VALUE - 8) {
                return Optional.empty();
            }
            bytes = ByteBuffer.allocate((int) size);
            if (file.read(bytes, 0) != size) {
                return Optional.empty();
            }
        } catch (NoSuchFileException absent) {
            return Optional.empty();
        }
        int body = bytes.capacity() - 4;
        CRC32C crc = new CRC32C();
        crc.update(bytes.array(), 0, body);
        boolean good =
                bytes.getInt(body) == (int) crc.getValue() && bytes.getInt(0) == kind && bytes.getInt(4) == version;
        return good ? Optional.of(bytes.position(8).limit(body).slice()) : Optional.empty();
    }

    /** Writes in place without a force: for what can be made again. The file must be absent or may be lost. */
    static void write(Disk disk, Path path, int kind, int version, ByteBuffer content) throws IOException {
        try (DiskFile file = disk.open(path, true)) {
            write(file, kind, version, content);
        }
    }

    /** Replaces the file so that a crash leaves the old one or the new one; durable on return. */
    static void replace(Disk disk, Path path, int kind, int version, ByteBuffer content) throws IOException {
        Path directory = Objects.requireNonNull(path.getParent());
        Path temporary = directory.resolve(path.getFileName() + LogPaths.TEMPORARY);
        try (DiskFile file = disk.open(temporary, true)) {
            write(file, kind, version, content);
            file.force();
        }
        disk.rename(temporary, path);
        disk.forceDirectory(directory);
    }

    private static void write(DiskFile file, int kind, int version, ByteBuffer content) throws IOException {
        ByteBuffer head = ByteBuffer.allocate(8).putInt(kind).putInt(version).flip();
        CRC32C crc = new CRC32C();
        crc.update(head.duplicate());
        crc.update(content.duplicate());
        ByteBuffer tail = ByteBuffer.allocate(4).putInt((int) crc.getValue()).flip();
        file.truncate(0);
        file.write(new ByteBuffer[] {head, content, tail}, 0);
    }
}
