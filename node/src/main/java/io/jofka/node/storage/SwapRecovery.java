package io.jofka.node.storage;

import io.jofka.node.common.Disk;
import io.jofka.node.common.DiskFile;
import java.io.IOException;
import java.util.List;

/**
 * Brings a compaction that a crash cut short to one of its two ends. A {@code .cleaned} file is not complete: removed.
 * A {@code .swap} file, named by the range of offsets it stands for, is complete and durable: the segments of that range
 * go, and it takes the place of the first.
 */
final class SwapRecovery {
    private final LogPaths paths;
    private final Disk disk;

    private final int indexIntervalBytes;

    SwapRecovery(LogPaths paths, int indexIntervalBytes) {
        this.paths = paths;
        this.indexIntervalBytes = indexIntervalBytes;
        this.disk = paths.context().disk();
    }

    static String swapName(long baseOffset, long endOffset) {
        return LogPaths.name(baseOffset, "-") + LogPaths.name(endOffset, LogPaths.SWAP);
    }

    /** The names in the log's directory afterwards. */
    List<String> finish() throws IOException {
        List<String> names = disk.list(paths.directory());
        boolean changed = false;
        for (String name : names) {
            if (name.endsWith(LogPaths.CLEANED) || name.endsWith(LogPaths.TEMPORARY)) {
                disk.deleteIfExists(paths.file(name));
                changed = true;
            }
        }
        for (String name : names) {
            if (name.endsWith(LogPaths.SWAP) && name.length() == 41 + LogPaths.SWAP.length()) {
                long base = LogPaths.offsetOf(name.substring(0, 21), "-");
                long end = LogPaths.offsetOf(name.substring(21), LogPaths.SWAP);
                if (base >= 0 && end > base) {
                    replace(paths, name, sealOf(name, base, end), names);
                    changed = true;
                }
            }
        }
        return changed ? disk.list(paths.directory()) : names;
    }

    /** The file was forced before it got its name: anything bad in it is damage. */
    private Seal sealOf(String name, long base, long end) throws IOException {
        SparseIndex index = new SparseIndex();
        EpochTable epochs = EpochTable.EMPTY;
        long maxTimestamp = -1;
        try (DiskFile file = disk.open(paths.file(name), false)) {
            int size = Math.toIntExact(file.sizeBytes());
            try (TailScan scan = new TailScan(paths.context(), file, base, size, 0, base, -1, true)) {
                while (scan.next()) {
                    if (scan.position() - index.lastPosition() >= indexIntervalBytes) {
                        index.add((int) (scan.batchBaseOffset() - base), scan.position(), maxTimestamp);
                    }
                    maxTimestamp = Math.max(maxTimestamp, scan.batchMaxTimestampMs());
                    epochs = epochs.with(scan.batchEpoch(), scan.batchBaseOffset());
                }
                if (scan.position() != size) {
                    throw DirectoryHealth.damaged("the compacted segment " + name + " of " + paths.partition()
                            + " is damaged at position " + scan.position());
                }
            }
            return new Seal(base, end, size, maxTimestamp, epochs, index);
        }
    }

    /**
     * Safe to repeat from any point it was cut at: the swap file goes last. The seal is durable before the segment has
     * its name, since a compacted segment that ends below the next one looks, without a seal, as if its end was lost.
     */
    static void replace(LogPaths paths, String swap, Seal seal, List<String> names) throws IOException {
        Disk disk = paths.context().disk();
        for (String name : names) {
            long index = LogPaths.offsetOf(name, LogPaths.INDEX);
            long log = LogPaths.offsetOf(name, LogPaths.LOG);
            boolean old = (index >= seal.baseOffset() && index < seal.endOffset())
                    || (log > seal.baseOffset() && log < seal.endOffset());
            if (old) {
                disk.deleteIfExists(paths.file(name));
            }
        }
        disk.forceDirectory(paths.directory());
        seal.writeDurably(paths);
        disk.rename(paths.file(swap), paths.log(seal.baseOffset()));
        disk.forceDirectory(paths.directory());
    }
}
