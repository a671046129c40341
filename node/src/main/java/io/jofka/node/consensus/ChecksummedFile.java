package io.jofka.node.consensus;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.zip.CRC32C;

/**
 * A small text file of {@code name=value} lines that ends with its CRC-32C; replaced as a whole, and durable with its
 * name when {@link #write} returns. Stateless.
 */
final class ChecksummedFile {
    private static final String CRC = "crc32c=";
    private static final int MAX_BYTES = 64 << 10;

    private ChecksummedFile() {}

    /** The values; fails with {@link RefusedFolder} when the file is damaged. */
    static Map<String, String> read(Path file) throws IOException {
        if (Files.size(file) > MAX_BYTES) {
            throw damaged(file);
        }
        String text = new String(Files.readAllBytes(file), StandardCharsets.UTF_8);
        int at = text.lastIndexOf(CRC);
        if (at < 0 || !text.substring(at).equals(CRC + crc(text.substring(0, at)) + "\n")) {
            throw damaged(file);
        }
        Map<String, String> values = new LinkedHashMap<>();
        text.substring(0, at).lines().forEach(line -> {
            int equals = line.indexOf('=');
            values.put(line.substring(0, Math.max(0, equals)), line.substring(equals + 1));
        });
        return values;
    }

    private static RefusedFolder damaged(Path file) {
        return new RefusedFolder("The file " + file + " is damaged. Nothing was changed.");
    }

    static void write(Path file, Map<String, String> values) throws IOException {
        StringBuilder text = new StringBuilder();
        values.forEach(
                (name, value) -> text.append(name).append('=').append(value).append('\n'));
        long crc = crc(text.toString());
        text.append(CRC).append(crc).append('\n');
        ByteBuffer bytes = ByteBuffer.wrap(text.toString().getBytes(StandardCharsets.UTF_8));
        Path temporary = file.resolveSibling(file.getFileName() + ".tmp");
        try (FileChannel channel = FileChannel.open(
                temporary, StandardOpenOption.CREATE, StandardOpenOption.TRUNCATE_EXISTING, StandardOpenOption.WRITE)) {
            while (bytes.hasRemaining()) {
                channel.write(bytes);
            }
            channel.force(true);
        }
        Files.move(temporary, file, StandardCopyOption.ATOMIC_MOVE, StandardCopyOption.REPLACE_EXISTING);
        forceName(file);
    }

    /** Makes the name of a file or folder durable, or that it is gone. */
    static void forceName(Path path) throws IOException {
        Path folder = path.toAbsolutePath().normalize().getParent();
        if (folder != null) {
            forceFolder(folder);
        }
    }

    /** Makes the names in a folder durable. */
    static void forceFolder(Path folder) throws IOException {
        try (FileChannel channel = FileChannel.open(folder, StandardOpenOption.READ)) {
            channel.force(true);
        }
    }

    private static long crc(String text) {
        CRC32C crc = new CRC32C();
        crc.update(text.getBytes(StandardCharsets.UTF_8));
        return crc.getValue();
    }
}
