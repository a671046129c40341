package io.jofka.node.storage;

import io.jofka.node.common.Disk;
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

    SwapRecovery(LogPaths paths) {
        this.paths = paths;
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
                    replace(paths, name, base, end, names);
                    changed = true;
                }
            }
        }
        return changed ? disk.list(paths.directory()) : names;
    }

    /** Safe to repeat from any point it was cut at. Indexes go first: they must never be taken for the new segment's. */
    static void replace(LogPaths paths, String swap, long base, long end, List<String> names) throws IOException {
        Disk disk = paths.context().disk();
        for (String name : names) {
            long offset = LogPaths.offsetOf(name, LogPaths.INDEX);
            if (offset >= base && offset < end) {
                disk.deleteIfExists(paths.file(name));
            }
        }
        for (String name : names) {
            long offset = LogPaths.offsetOf(name, LogPaths.LOG);
            if (offset > base && offset < end) {
                disk.deleteIfExists(paths.file(name));
            }
        }
        disk.forceDirectory(paths.directory());
        disk.rename(paths.file(swap), paths.log(base));
        disk.forceDirectory(paths.directory());
    }
}
