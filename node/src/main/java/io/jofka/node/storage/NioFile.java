package io.jofka.node.storage;

import com.google.errorprone.annotations.concurrent.GuardedBy;
import io.jofka.node.common.DiskFile;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.ClosedChannelException;
import java.nio.channels.FileChannel;
import java.nio.channels.WritableByteChannel;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;

/**
 * A file of the machine. Writes: one thread at a time; reads and force: any thread.
 *
 * <p>A channel closes itself when a thread is interrupted inside it, for every user of the file. An interrupt must not
 * take a partition offline, so the channel is opened again and the operation, which is the same when repeated, is
 * repeated; the interrupt flag is put back afterwards.
 */
final class NioFile implements DiskFile {
    private final Path path;
    private volatile FileChannel channel;

    @GuardedBy("this")
    private boolean closed;

    NioFile(Path path, boolean create) throws IOException {
        this.path = path;
        this.channel = create
                ? FileChannel.open(path, StandardOpenOption.READ, StandardOpenOption.WRITE, StandardOpenOption.CREATE)
                : FileChannel.open(path, StandardOpenOption.READ, StandardOpenOption.WRITE);
    }

    @Override
    public long sizeBytes() throws IOException {
        return uninterrupted(FileChannel::size);
    }

    @Override
    public void write(ByteBuffer[] sources, long position) throws IOException {
        int[] starts = new int[sources.length];
        for (int i = 0; i < sources.length; i++) {
            starts[i] = sources[i].position();
        }
        try {
            uninterrupted(open -> {
                for (int i = 0; i < sources.length; i++) {
                    sources[i].position(starts[i]);
                }
                return writeAll(open, sources, position);
            });
        } catch (IOException failure) {
            throw NioDisk.translated(failure);
        }
    }

    private static long writeAll(FileChannel open, ByteBuffer[] sources, long position) throws IOException {
        if (sources.length == 1) {
            long at = position;
            while (sources[0].hasRemaining()) {
                at += open.write(sources[0], at);
            }
            return at - position;
        }
        open.position(position);
        long left = 0;
        for (ByteBuffer source : sources) {
            left += source.remaining();
        }
        int first = 0;
        while (left > 0) {
            while (first < sources.length && !sources[first].hasRemaining()) {
                first++;
            }
            left -= open.write(sources, first, sources.length - first);
        }
        return left;
    }

    @Override
    public int read(ByteBuffer target, long position) throws IOException {
        int start = target.position();
        return (int) uninterrupted(open -> {
            target.position(start);
            long at = position;
            while (target.hasRemaining()) {
                int count = open.read(target, at);
                if (count < 0) {
                    break;
                }
                at += count;
            }
            return at - position;
        });
    }

    @Override
    public long transferTo(long position, long count, WritableByteChannel target) throws IOException {
        FileChannel open = channel;
        try {
            return open.transferTo(position, count, target);
        } catch (ClosedChannelException interruptedElsewhere) {
            if (open.isOpen() || !target.isOpen()) {
                throw interruptedElsewhere;
            }
            return reopened().transferTo(position, count, target);
        }
    }

    @Override
    public void force() throws IOException {
        uninterrupted(open -> {
            open.force(false);
            return 0;
        });
    }

    @Override
    public void truncate(long sizeBytes) throws IOException {
        uninterrupted(open -> {
            open.truncate(sizeBytes);
            return 0;
        });
    }

    @Override
    public synchronized void close() throws IOException {
        closed = true;
        channel.close();
    }

    @FunctionalInterface
    private interface Operation {
        long run(FileChannel open) throws IOException;
    }

    private long uninterrupted(Operation operation) throws IOException {
        boolean interrupted = Thread.interrupted();
        try {
            while (true) {
                FileChannel open = channel;
                try {
                    return operation.run(open);
                } catch (ClosedChannelException cut) {
                    interrupted |= Thread.interrupted();
                    reopened();
                }
            }
        } finally {
            if (interrupted) {
                Thread.currentThread().interrupt();
            }
        }
    }

    /** A force after opening again covers what was written through the cut channel: the page cache belongs to the file. */
    private synchronized FileChannel reopened() throws IOException {
        if (closed) {
            throw new ClosedChannelException();
        }
        if (!channel.isOpen()) {
            channel = FileChannel.open(path, StandardOpenOption.READ, StandardOpenOption.WRITE);
        }
        return channel;
    }
}
