package io.jofka.tests.powerloss;

import java.io.IOException;
import java.io.RandomAccessFile;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.channels.FileChannel.MapMode;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;

/** A process for {@link PowerCutTest}: works on the folder it is given in every way a server does. */
final class Scribbler {
    private Scribbler() {}

    public static void main(String[] args) throws IOException {
        Path folder = Path.of(args[0]);
        try (FileChannel log = open(folder.resolve("log"))) {
            log.write(block('a'));
            log.force(false);
            forceFolder(folder);
            log.write(new ByteBuffer[] {block('b'), block('c')});
            log.write(block('X'), 100);
            log.truncate(2_500);
            log.force(true);
            log.write(block('d'), 2_500);
        }
        Files.createDirectory(folder.resolve("made"));
        forceFolder(folder);
        try (RandomAccessFile file =
                new RandomAccessFile(folder.resolve("made/random").toFile(), "rw")) {
            file.write("forced".getBytes(java.nio.charset.StandardCharsets.US_ASCII));
            file.getFD().sync();
            file.seek(0);
            file.write("LOST!!".getBytes(java.nio.charset.StandardCharsets.US_ASCII));
        }
        forceFolder(folder.resolve("made"));
        Files.writeString(
                folder.resolve("forced-but-nameless"), "x", StandardOpenOption.CREATE, StandardOpenOption.SYNC);
        Path fresh = folder.resolve("state.new");
        try (FileChannel state = open(fresh)) {
            state.write(ByteBuffer.wrap(new byte[] {'2'}));
            state.force(true);
        }
        forceFolder(folder);
        Files.move(fresh, folder.resolve("state"), StandardCopyOption.ATOMIC_MOVE, StandardCopyOption.REPLACE_EXISTING);
        forceFolder(folder);
        Files.delete(folder.resolve("old"));
        try (FileChannel mapped = open(folder.resolve("mapped"))) {
            var bytes = mapped.map(MapMode.READ_WRITE, 0, 8_192);
            bytes.put(0, (byte) 'm');
            bytes.force();
            bytes.put(4_096, (byte) 'n');
        }
        forceFolder(folder);
        Runtime.getRuntime().halt(9);
    }

    private static FileChannel open(Path file) throws IOException {
        return FileChannel.open(file, StandardOpenOption.CREATE, StandardOpenOption.READ, StandardOpenOption.WRITE);
    }

    private static ByteBuffer block(char letter) {
        ByteBuffer block = ByteBuffer.allocateDirect(1_000);
        while (block.hasRemaining()) {
            block.put((byte) letter);
        }
        return block.flip();
    }

    private static void forceFolder(Path folder) throws IOException {
        try (FileChannel channel = FileChannel.open(folder, StandardOpenOption.READ)) {
            channel.force(true);
        }
    }
}
