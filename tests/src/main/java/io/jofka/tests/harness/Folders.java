package io.jofka.tests.harness;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.FileVisitResult;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.SimpleFileVisitor;
import java.nio.file.StandardCopyOption;
import java.nio.file.attribute.BasicFileAttributes;
import org.jspecify.annotations.Nullable;

/** Folders of a test run: temporary data, logs that stay, whole trees copied and removed. */
public final class Folders {
    private Folders() {}

    /** A new folder in the system's temporary folder. */
    public static Path temporary(String name) {
        try {
            return Files.createTempDirectory("jofka-" + name + "-").toRealPath();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** The repository's top folder. */
    public static Path root() {
        String root = System.getProperty("jofka.root");
        return (root == null ? Path.of("..") : Path.of(root)).toAbsolutePath().normalize();
    }

    /** Where logs and results of this module go: {@code tests/target}. */
    public static Path target() {
        return root().resolve("tests/target");
    }

    /** Removes a tree; what vanishes meanwhile is not an error. */
    public static void delete(Path tree) {
        walk(tree, new SimpleFileVisitor<>() {
            @Override
            public FileVisitResult visitFile(Path file, BasicFileAttributes attributes) throws IOException {
                Files.deleteIfExists(file);
                return FileVisitResult.CONTINUE;
            }

            @Override
            public FileVisitResult visitFileFailed(Path file, IOException failure) throws IOException {
                if (failure instanceof NoSuchFileException) {
                    return FileVisitResult.CONTINUE;
                }
                throw failure;
            }

            @Override
            public FileVisitResult postVisitDirectory(Path folder, @Nullable IOException failure) throws IOException {
                Files.deleteIfExists(folder);
                return FileVisitResult.CONTINUE;
            }
        });
    }

    /** Copies a tree of folders and plain files. */
    public static void copy(Path from, Path to) {
        walk(from, new SimpleFileVisitor<>() {
            @Override
            public FileVisitResult preVisitDirectory(Path folder, BasicFileAttributes attributes) throws IOException {
                Files.createDirectories(to.resolve(from.relativize(folder)));
                return FileVisitResult.CONTINUE;
            }

            @Override
            public FileVisitResult visitFile(Path file, BasicFileAttributes attributes) throws IOException {
                Files.copy(file, to.resolve(from.relativize(file)), StandardCopyOption.REPLACE_EXISTING);
                return FileVisitResult.CONTINUE;
            }
        });
    }

    private static void walk(Path tree, SimpleFileVisitor<Path> visitor) {
        try {
            if (Files.exists(tree)) {
                Files.walkFileTree(tree, visitor);
            }
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
