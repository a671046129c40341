package io.jofka.node.sim;

import io.jofka.node.common.DiskFile;
import io.jofka.node.common.DiskFullException;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.ClosedChannelException;
import java.nio.channels.WritableByteChannel;
import java.nio.file.Path;

/** An open file of the simulated disk; of no use any more after a crash. */
final class SimulatedFile implements DiskFile {
    private final SimulatedDisk disk;
    private final Path path;
    private final SimulatedContent content;
    private final int incarnation;
    private boolean closed;

    SimulatedFile(SimulatedDisk disk, Path path, SimulatedContent content, int incarnation) {
        this.disk = disk;
        this.path = path;
        this.content = content;
        this.incarnation = incarnation;
    }

    private void usable() throws IOException {
        if (closed) {
            throw new ClosedChannelException();
        }
        if (incarnation != disk.incarnation()) {
            throw new IOException(path + " was opened before the crash");
        }
    }

    @Override
    public long sizeBytes() throws IOException {
        synchronized (disk) {
            usable();
            return content.size;
        }
    }

    @Override
    public void write(ByteBuffer[] sources, long position) throws IOException {
        synchronized (disk) {
            usable();
            int total = 0;
            for (ByteBuffer source : sources) {
                total += source.remaining();
            }
            byte[] joined = new byte[total];
            int at = 0;
            for (ByteBuffer source : sources) {
                int count = source.remaining();
                source.get(joined, at, count);
                at += count;
            }
            // before the write is counted as done, so that a cut in this very operation can leave any part of it
            int fits = disk.fitting(content, Math.toIntExact(position), total);
            disk.before(SimulatedDisk.Operation.WRITE, path);
            content.write(joined, 0, fits, Math.toIntExact(position));
            disk.after(SimulatedDisk.Operation.WRITE, path);
            if (fits < total) {
                throw new DiskFullException("No space left on the simulated disk");
            }
        }
    }

    @Override
    public int read(ByteBuffer target, long position) throws IOException {
        synchronized (disk) {
            usable();
            disk.before(SimulatedDisk.Operation.READ, path);
            if (position >= content.size) {
                return 0;
            }
            int count = (int) Math.min(target.remaining(), content.size - position);
            target.put(content.bytes, (int) position, count);
            return count;
        }
    }

    @Override
    public long transferTo(long position, long count, WritableByteChannel target) throws IOException {
        byte[] copy;
        synchronized (disk) {
            usable();
            disk.before(SimulatedDisk.Operation.READ, path);
            int available = (int) Math.max(0, Math.min(count, content.size - position));
            copy = new byte[available];
            System.arraycopy(content.bytes, (int) position, copy, 0, available);
        }
        return target.write(ByteBuffer.wrap(copy));
    }

    @Override
    public void force() throws IOException {
        synchronized (disk) {
            usable();
            disk.before(SimulatedDisk.Operation.FORCE, path);
            content.force();
            disk.after(SimulatedDisk.Operation.FORCE, path);
        }
    }

    @Override
    public void truncate(long sizeBytes) throws IOException {
        synchronized (disk) {
            usable();
            disk.before(SimulatedDisk.Operation.TRUNCATE, path);
            content.truncate(Math.toIntExact(sizeBytes));
            disk.after(SimulatedDisk.Operation.TRUNCATE, path);
        }
    }

    @Override
    public void close() {
        synchronized (disk) {
            if (!closed && incarnation == disk.incarnation()) {
                disk.closedOne();
            }
            closed = true;
        }
    }
}
