package io.jofka.node.common;

import java.io.Closeable;
import java.io.IOException;
import java.nio.file.Path;
import java.util.List;

/**
 * Port to a file system. {@code storage} is the only package that uses it (rule of LayersTest); the simulated disk
 * loses what was not forced, tears writes and fails on demand. Thread-safe. Every {@link IOException} is final: callers
 * turn it into a {@code StorageFailure} and never retry. Where space or quota is used up it is a
 * {@link DiskFullException}, after which what had been written so far may be truncated away and used on.
 */
public interface Disk {
    /** Opens for reading and writing; creates the file (not its directory) when {@code create} and it is absent. */
    DiskFile open(Path file, boolean create) throws IOException;

    boolean exists(Path path) throws IOException;

    /** Names (not paths) in a directory, in no particular order; empty when the directory does not exist. */
    List<String> list(Path directory) throws IOException;

    void createDirectories(Path directory) throws IOException;

    /** Atomic replace; durable only after {@link #forceDirectory} of the parent. */
    void rename(Path from, Path to) throws IOException;

    void deleteIfExists(Path path) throws IOException;

    /** Removes a directory and all below it. */
    void deleteTree(Path directory) throws IOException;

    /** Makes creations, renames and deletions in the directory durable. */
    void forceDirectory(Path directory) throws IOException;

    /** Bytes that can still be written, as the file system reports them. */
    long usableBytes(Path directory) throws IOException;

    /** Size of the file system that the directory is on. */
    long totalBytes(Path directory) throws IOException;

    /**
     * Takes the exclusive lock that the file stands for (created when absent); held until closed or the process ends.
     *
     * @throws IOException when another process, or another owner in this one, holds it
     */
    Closeable lock(Path file) throws IOException;
}
