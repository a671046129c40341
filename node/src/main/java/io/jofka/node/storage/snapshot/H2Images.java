package io.jofka.node.storage.snapshot;

import io.jofka.node.common.Disk;
import io.jofka.node.common.DiskFile;
import io.jofka.node.storage.StorageFailure;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.SQLException;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * The folder of metadata images: H2 databases {@code image-<index>-<term>.mv.db}, the newest two kept. A file appears
 * under its name only when it is complete and on disk. H2 is loaded when the first image is read or written. Writing and
 * reading are each for one thread at a time, and may run beside each other.
 */
public final class H2Images {
    private static final String SUFFIX = ".mv.db";
    private static final Pattern NAME = Pattern.compile("image-(\\d{1,19})-(\\d{1,10})\\.mv\\.db");
    private static final int KEPT = 2;

    private final Path folder;
    private final Disk disk;

    /** @param folder made when the first image is written */
    public H2Images(Path folder, Disk disk) {
        this.folder = folder.toAbsolutePath();
        this.disk = disk;
    }

    /** A complete image file. */
    public record Stored(Path file, long index, int term) {}

    /** The image files, the newest first; empty when the folder cannot be read. */
    public List<Stored> stored() {
        try {
            return disk.list(folder).stream()
                    .map(this::parse)
                    .flatMap(Optional::stream)
                    .sorted(Comparator.comparingLong(Stored::index).reversed())
                    .toList();
        } catch (IOException e) {
            throw failure("cannot be listed", e);
        }
    }

    private Optional<Stored> parse(String name) {
        Matcher matcher = NAME.matcher(name);
        if (!matcher.matches()) {
            return Optional.empty();
        }
        try {
            return Optional.of(new Stored(
                    folder.resolve(name), Long.parseLong(matcher.group(1)), Integer.parseInt(matcher.group(2))));
        } catch (NumberFormatException e) {
            return Optional.empty();
        }
    }

    /** The image file of exactly this place; empty when there is none. */
    public Optional<Stored> find(long index, int term) {
        return stored().stream()
                .filter(image -> image.index() == index && image.term() == term)
                .findFirst();
    }

    /** Wall time of the last write to an image file in ms; -1 when it cannot be told. */
    public long writtenAtMs(Stored image) {
        try {
            return Files.getLastModifiedTime(image.file()).toMillis();
        } catch (IOException e) {
            return -1;
        }
    }

    /** Writes an image, makes it durable, then drops all but the newest two. */
    public Stored write(ImageHeader header, List<ImageTable> tables) {
        String base = "image-" + header.index() + "-" + header.term();
        Path written = folder.resolve(base + ".tmp" + SUFFIX);
        Path file = folder.resolve(base + SUFFIX);
        try {
            disk.createDirectories(folder);
            dropUnfinished();
            ImageDatabase.write(folder.resolve(base + ".tmp"), header, tables);
            // closing the database moves blocks about, after its own sync
            try (DiskFile closed = disk.open(written, false)) {
                closed.force();
            }
            disk.rename(written, file);
            disk.forceDirectory(folder);
            List<Stored> all = stored();
            for (Stored old : all.subList(Math.min(KEPT, all.size()), all.size())) {
                disk.deleteIfExists(old.file());
            }
            return new Stored(file, header.index(), header.term());
        } catch (IOException | SQLException e) {
            throw failure("image " + base + " cannot be written", e);
        }
    }

    /** Opens an image to read. Fails with {@link DamagedImage} when the file is no whole image of the place in its name. */
    public ImageDatabase open(Stored image) throws DamagedImage {
        return ImageDatabase.open(image);
    }

    private void dropUnfinished() throws IOException {
        for (String name : disk.list(folder)) {
            if (name.contains(".tmp")) {
                disk.deleteIfExists(folder.resolve(name));
            }
        }
    }

    private StorageFailure failure(String what, Exception cause) {
        return new StorageFailure(
                StorageFailure.Scope.PARTITION,
                "The folder " + folder + " of metadata images: " + what + ": " + cause.getMessage(),
                cause);
    }
}
