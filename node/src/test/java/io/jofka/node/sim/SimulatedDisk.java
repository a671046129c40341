package io.jofka.node.sim;

import io.jofka.node.common.Disk;
import io.jofka.node.common.DiskFile;
import io.jofka.node.common.DiskFullException;
import java.io.Closeable;
import java.io.IOException;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.HashSet;
import java.util.List;
import java.util.Objects;
import java.util.Set;
import java.util.SplittableRandom;
import org.jspecify.annotations.Nullable;

/**
 * A file system in memory that knows what was forced. A crash loses what was not, in any way a real disk may: whole
 * writes, torn writes, garbage after the tear, single pages, directory entries. Faults come on demand: errors, a full
 * disk, a power cut inside the n-th operation. Everything random comes from the seed given to {@link #crash}.
 * Thread-safe: one lock for all.
 */
public final class SimulatedDisk implements Disk {
    /** What can be made to fail. */
    public enum Operation {
        READ,
        WRITE,
        FORCE,
        TRUNCATE,
        CREATE,
        RENAME,
        DELETE,
        FORCE_DIRECTORY
    }

    private final SimulatedFolder root = new SimulatedFolder();
    private final Set<Path> locks = new HashSet<>();
    private long capacityBytes = Long.MAX_VALUE;
    private int incarnation;
    private int openFiles;
    private long changes;
    private long cutAt = Long.MAX_VALUE;
    private boolean dark;
    private @Nullable Operation failing;
    private String failingName = "";
    private int failuresSkipped;

    // ---------------------------------------------------------------- faults

    /** Every {@code operation} on a path whose last name contains {@code name} fails with an I/O error, until healed. */
    public synchronized void fail(Operation operation, String name) {
        fail(operation, name, 0);
    }

    /** As {@link #fail(Operation, String)}, after {@code skipped} such operations have worked. */
    public synchronized void fail(Operation operation, String name, int skipped) {
        failing = operation;
        failingName = name;
        failuresSkipped = skipped;
    }

    public synchronized void heal() {
        failing = null;
        capacityBytes = Long.MAX_VALUE;
        cutAt = Long.MAX_VALUE;
    }

    /** Room for {@code bytes} more than is used now; a write that does not fit is written in part. */
    public synchronized void limitFreeBytes(long bytes) {
        capacityBytes = used(root) + bytes;
    }

    /** The n-th change of the disk from now on (1 is the next one) is cut by a power failure: {@link PowerCut}. */
    public synchronized void cutPowerAt(long nthChange) {
        cutAt = changes + nthChange;
    }

    /** Changes (writes, forces, truncations, creations, renames, deletions) so far. */
    public synchronized long changes() {
        return changes;
    }

    /** Power fails and returns: a random part of what was not forced is gone; open files and locks are void. */
    public synchronized void crash(long seed) {
        kill();
        root.lose(new SplittableRandom(seed));
    }

    /** The process dies and nothing else: all writes stay, open files and locks are void. */
    public synchronized void kill() {
        incarnation++;
        openFiles = 0;
        locks.clear();
        dark = false;
        cutAt = Long.MAX_VALUE;
    }

    /** Turns one bit of a file round, below everybody's notice. */
    public synchronized void flipBit(Path file, long position, int bit) {
        content(file).bytes[Math.toIntExact(position)] ^= (byte) (1 << bit);
        content(file).force();
    }

    /** Cuts a file, below everybody's notice. */
    public synchronized void cutFile(Path file, long sizeBytes) {
        content(file).truncate(Math.toIntExact(sizeBytes));
        content(file).force();
    }

    /** Bytes of the file that a power cut cannot take. */
    public synchronized long forcedBytes(Path file) {
        return content(file).forcedSize();
    }

    public synchronized long size(Path file) {
        return content(file).size;
    }

    public synchronized int openFiles() {
        return openFiles;
    }

    // ---------------------------------------------------------------- the port

    @Override
    public synchronized DiskFile open(Path file, boolean create) throws IOException {
        SimulatedFolder folder = folderOf(file);
        Object entry = folder.entries.get(name(file));
        if (entry == null) {
            if (!create) {
                throw new NoSuchFileException(file.toString());
            }
            before(Operation.CREATE, file);
            if (capacityBytes - used(root) <= 0) {
                throw new DiskFullException("No space left on the simulated disk");
            }
            entry = new SimulatedContent();
            folder.put(name(file), entry);
            after(Operation.CREATE, file);
        }
        if (!(entry instanceof SimulatedContent content)) {
            throw new IOException(file + " is a directory");
        }
        openFiles++;
        return new SimulatedFile(this, file, content, incarnation);
    }

    @Override
    public synchronized boolean exists(Path path) {
        return find(path) != null;
    }

    @Override
    public synchronized List<String> list(Path directory) {
        return find(directory) instanceof SimulatedFolder folder ? List.copyOf(folder.entries.keySet()) : List.of();
    }

    @Override
    public synchronized void createDirectories(Path directory) throws IOException {
        SimulatedFolder at = root;
        for (Path part : directory.toAbsolutePath().normalize()) {
            Object next = at.entries.get(part.toString());
            if (next == null) {
                before(Operation.CREATE, directory);
                next = new SimulatedFolder();
                at.put(part.toString(), next);
                after(Operation.CREATE, directory);
            }
            if (!(next instanceof SimulatedFolder folder)) {
                throw new FileAlreadyExistsException(directory.toString());
            }
            at = folder;
        }
    }

    @Override
    public synchronized void rename(Path from, Path to) throws IOException {
        SimulatedFolder folder = folderOf(from);
        if (!Objects.equals(from.getParent(), to.getParent())) {
            throw new IOException("only inside one directory: " + from + " to " + to);
        }
        if (!folder.entries.containsKey(name(from))) {
            throw new NoSuchFileException(from.toString());
        }
        before(Operation.RENAME, to);
        folder.rename(name(from), name(to));
        after(Operation.RENAME, to);
    }

    @Override
    public synchronized void deleteIfExists(Path path) throws IOException {
        Object entry = find(path);
        if (entry == null) {
            return;
        }
        if (entry instanceof SimulatedFolder folder && !folder.entries.isEmpty()) {
            throw new IOException(path + " is not empty");
        }
        before(Operation.DELETE, path);
        folderOf(path).remove(name(path));
        after(Operation.DELETE, path);
    }

    @Override
    public synchronized void deleteTree(Path directory) throws IOException {
        if (find(directory) instanceof SimulatedFolder folder) {
            for (String name : List.copyOf(folder.entries.keySet())) {
                deleteTree(directory.resolve(name));
            }
        }
        deleteIfExists(directory);
    }

    @Override
    public synchronized void forceDirectory(Path directory) throws IOException {
        if (!(find(directory) instanceof SimulatedFolder folder)) {
            throw new NoSuchFileException(directory.toString());
        }
        before(Operation.FORCE_DIRECTORY, directory);
        folder.force();
        after(Operation.FORCE_DIRECTORY, directory);
    }

    @Override
    public long totalBytes(Path directory) {
        return Long.MAX_VALUE;
    }

    @Override
    public synchronized long usableBytes(Path directory) {
        return Math.max(0, capacityBytes - used(root));
    }

    @Override
    public synchronized Closeable lock(Path file) throws IOException {
        open(file, true).close();
        if (!locks.add(file)) {
            throw new IOException(file + " is locked by another process");
        }
        int taken = incarnation;
        return () -> {
            synchronized (this) {
                if (taken == incarnation) {
                    locks.remove(file);
                }
            }
        };
    }

    // ---------------------------------------------------------------- for its files

    int incarnation() {
        return incarnation;
    }

    void closedOne() {
        openFiles--;
    }

    /** Fails, or cuts the power before anything happened (a force that was cut has forced nothing). */
    void before(Operation operation, Path path) throws IOException {
        if (dark) {
            throw new PowerCut(operation + " " + path);
        }
        if (operation == Operation.READ) {
            failIfAsked(operation, path);
            return;
        }
        changes++;
        if (changes >= cutAt && operation != Operation.WRITE) {
            dark = true;
            throw new PowerCut(operation + " " + path);
        }
        failIfAsked(operation, path);
    }

    /** Cuts the power inside a write: it is part of the unforced bytes, so the crash may keep or tear it. */
    void after(Operation operation, Path path) {
        if (operation == Operation.WRITE && changes >= cutAt) {
            dark = true;
            throw new PowerCut(operation + " " + path);
        }
    }

    int fitting(SimulatedContent content, int position, int count) {
        if (capacityBytes == Long.MAX_VALUE) {
            return count;
        }
        long inside = Math.max(0, Math.min(count, content.size - position));
        return (int) Math.min(count, inside + Math.max(0, capacityBytes - used(root)));
    }

    private void failIfAsked(Operation operation, Path path) throws IOException {
        if (operation == failing && name(path).contains(failingName) && failuresSkipped-- <= 0) {
            throw new IOException("Input/output error (simulated) in " + operation + " " + path);
        }
    }

    private static long used(SimulatedFolder folder) {
        long sum = 0;
        for (Object entry : folder.entries.values()) {
            sum += entry instanceof SimulatedContent content ? content.size : used((SimulatedFolder) entry);
        }
        return sum;
    }

    private SimulatedContent content(Path file) {
        if (find(file) instanceof SimulatedContent content) {
            return content;
        }
        throw new IllegalArgumentException("no file " + file);
    }

    private SimulatedFolder folderOf(Path path) throws IOException {
        Path parent = path.toAbsolutePath().normalize().getParent();
        if (parent != null && find(parent) instanceof SimulatedFolder folder) {
            return folder;
        }
        throw new NoSuchFileException(String.valueOf(parent));
    }

    private @Nullable Object find(Path path) {
        Object at = root; // the path / itself is there
        for (Path part : path.toAbsolutePath().normalize()) {
            at = at instanceof SimulatedFolder folder ? folder.entries.get(part.toString()) : null;
            if (at == null) {
                return null;
            }
        }
        return at;
    }

    private static String name(Path path) {
        return String.valueOf(path.getFileName());
    }
}
