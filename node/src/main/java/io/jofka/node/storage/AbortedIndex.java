package io.jofka.node.storage;

import com.google.errorprone.annotations.concurrent.GuardedBy;
import io.jofka.node.common.DiskFile;
import io.jofka.node.storage.Log.AbortedTransaction;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.zip.CRC32C;
import org.jspecify.annotations.Nullable;

/**
 * The aborted transactions of a log in the order of their markers: in memory, and in the file {@code aborted} (36 bytes
 * each: producer id, first and last offset, last stable offset, CRC-32C). A log without any has neither.
 *
 * <p>Durable before a producer-state snapshot that covers them; what a crash takes is found again when the log is
 * scanned from that snapshot. Thread-safe.
 */
final class AbortedIndex {
    private static final int ENTRY_BYTES = 36;
    private static final int WORTH_REWRITING = 1_000;

    private final LogPaths paths;

    @GuardedBy("this")
    private @Nullable List<AbortedTransaction> entries;

    @GuardedBy("this")
    private boolean onDisk;

    @GuardedBy("this")
    private boolean unforced;

    /** Whether a power cut may forget the file's name. */
    @GuardedBy("this")
    private boolean nameUnforced;

    AbortedIndex(LogPaths paths) {
        this.paths = paths;
    }

    /** Told by the checkpoint of a clean stop that the file may have entries. */
    synchronized void mayBeOnDisk() {
        onDisk = true;
    }

    /** Told by recovery: a killed process may have left entries in the page cache alone. */
    synchronized void foundAfterCrash() {
        onDisk = true;
        unforced = true;
        nameUnforced = true;
    }

    synchronized boolean isOnDisk() {
        return onDisk;
    }

    /** Adds one; the same one again, after a crash, is no second entry. */
    synchronized void add(AbortedTransaction transaction) {
        List<AbortedTransaction> all = load();
        for (int i = all.size() - 1; i >= 0 && all.get(i).lastOffset() >= transaction.lastOffset(); i--) {
            if (all.get(i).equals(transaction)) {
                return;
            }
        }
        ByteBuffer entry = encode(transaction).flip();
        nameUnforced |= all.isEmpty();
        try (DiskFile file = paths.context().disk().open(path(), true)) {
            file.write(new ByteBuffer[] {entry}, (long) all.size() * ENTRY_BYTES);
        } catch (IOException failure) {
            throw paths.writeFailed("the aborted-transaction index", failure);
        }
        all.add(transaction);
        onDisk = true;
        unforced = true;
    }

    /** Those that overlap {@code [fromOffset, endOffset)}. */
    synchronized List<AbortedTransaction> overlapping(long fromOffset, long endOffset) {
        if (!onDisk) {
            return List.of();
        }
        List<AbortedTransaction> all = load();
        List<AbortedTransaction> found = new ArrayList<>();
        for (int i = firstEndingAtOrAfter(all, fromOffset); i < all.size(); i++) {
            AbortedTransaction transaction = all.get(i);
            if (transaction.firstOffset() < endOffset) {
                found.add(transaction);
            }
            if (transaction.lastStableOffset() >= endOffset) {
                break;
            }
        }
        return found;
    }

    synchronized void force() throws IOException {
        if (unforced) {
            try (DiskFile file = paths.context().disk().open(path(), false)) {
                file.force();
            }
            unforced = false;
        }
        if (nameUnforced) {
            paths.context().disk().forceDirectory(paths.directory());
            nameUnforced = false;
        }
    }

    /** Everything at and above the offset is gone; durable. */
    synchronized void truncateTo(long offset) throws IOException {
        if (!onDisk) {
            return;
        }
        List<AbortedTransaction> all = load();
        int kept = firstEndingAtOrAfter(all, offset);
        all.subList(kept, all.size()).clear();
        try (DiskFile file = paths.context().disk().open(path(), true)) {
            file.truncate((long) kept * ENTRY_BYTES);
            file.force();
        }
        unforced = false;
    }

    /** Everything below the offset is gone; the file is written anew when that makes it much smaller. */
    synchronized void dropBelow(long startOffset) throws IOException {
        if (!onDisk) {
            return;
        }
        List<AbortedTransaction> all = load();
        int dropped = firstEndingAtOrAfter(all, startOffset);
        if (dropped < WORTH_REWRITING || dropped < all.size() / 2) {
            return;
        }
        List<AbortedTransaction> kept = new ArrayList<>(all.subList(dropped, all.size()));
        ByteBuffer content = ByteBuffer.allocate(kept.size() * ENTRY_BYTES);
        kept.forEach(transaction -> content.put(encode(transaction).flip()));
        Path temporary = paths.file(LogPaths.ABORTED + LogPaths.TEMPORARY);
        try (DiskFile file = paths.context().disk().open(temporary, true)) {
            file.truncate(0);
            file.write(new ByteBuffer[] {content.flip()}, 0);
            file.force();
        }
        paths.context().disk().rename(temporary, path());
        entries = kept;
        unforced = false;
    }

    @GuardedBy("this")
    private List<AbortedTransaction> load() {
        List<AbortedTransaction> all = entries;
        if (all == null) {
            all = onDisk ? read() : new ArrayList<>();
            entries = all;
        }
        return all;
    }

    private List<AbortedTransaction> read() {
        List<AbortedTransaction> all = new ArrayList<>();
        ByteBuffer bytes;
        try (DiskFile file = paths.context().disk().open(path(), false)) {
            bytes = ByteBuffer.allocate(Math.toIntExact(file.sizeBytes()));
            file.read(bytes, 0);
            bytes.flip();
        } catch (NoSuchFileException absent) {
            return all;
        } catch (IOException failure) {
            throw DirectoryHealth.unreadable("the aborted-transaction index of " + paths.partition(), failure);
        }
        while (bytes.remaining() >= ENTRY_BYTES) {
            int at = bytes.position();
            AbortedTransaction transaction =
                    new AbortedTransaction(bytes.getLong(), bytes.getLong(), bytes.getLong(), bytes.getLong());
            if (bytes.getInt() != crc(bytes, at)) {
                break;
            }
            all.add(transaction);
        }
        return all;
    }

    /** Removes entries of a history that a crash took, if there are any; durable. */
    synchronized void cutTo(long endOffset) throws IOException {
        List<AbortedTransaction> all = load();
        long size;
        try (DiskFile file = paths.context().disk().open(path(), false)) {
            size = file.sizeBytes();
        }
        // behind a torn entry there may be good ones of a longer file: they must not come back either
        if (firstEndingAtOrAfter(all, endOffset) < all.size() || size != (long) all.size() * ENTRY_BYTES) {
            truncateTo(endOffset);
        }
    }

    private static int firstEndingAtOrAfter(List<AbortedTransaction> all, long offset) {
        int low = 0;
        int high = all.size() - 1;
        while (low <= high) {
            int middle = (low + high) >>> 1;
            if (all.get(middle).lastOffset() < offset) {
                low = middle + 1;
            } else {
                high = middle - 1;
            }
        }
        return low;
    }

    private static ByteBuffer encode(AbortedTransaction transaction) {
        ByteBuffer entry = ByteBuffer.allocate(ENTRY_BYTES);
        entry.putLong(transaction.producerId())
                .putLong(transaction.firstOffset())
                .putLong(transaction.lastOffset())
                .putLong(transaction.lastStableOffset());
        return entry.putInt(crc(entry, 0));
    }

    private static int crc(ByteBuffer bytes, int at) {
        CRC32C crc = new CRC32C();
        crc.update(bytes.slice(at, ENTRY_BYTES - 4));
        return (int) crc.getValue();
    }

    private Path path() {
        return paths.file(LogPaths.ABORTED);
    }
}
