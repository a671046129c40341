package io.jofka.node.storage;

import io.jofka.node.common.Disk;
import io.jofka.node.common.DiskFile;
import io.jofka.node.storage.Log.RecoveryReport;
import io.jofka.node.storage.LogState.SegmentState;
import io.jofka.node.storage.Snapshots.Stored;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.OptionalLong;
import org.jspecify.annotations.Nullable;

/**
 * Opens a log that was not closed cleanly. Known to be forced is what lies below the checkpoint's forced offset, and
 * every segment with a good seal; that is not read. The rest is read and each CRC checked:
 *
 * <ul>
 *   <li>bad bytes below the known-forced offset, or an end below it, are damage: nothing is removed, the log ends there
 *       for readers and takes no records until it is truncated (docs/log-files.md);
 *   <li>bad bytes above it with nothing good behind them are a torn tail: cut;
 *   <li>bad bytes above it with good batches behind them are damage too, unless a sector among them was never written,
 *       which is what a power cut leaves (docs/decisions/0011-what-recovery-cuts.md).
 * </ul>
 */
final class LogRecovery {
    private final LogPaths paths;
    private final LogContext context;
    private final Disk disk;
    private final LogConfig config;
    private final @Nullable LogState state;

    private final List<Segment> segments = new ArrayList<>();
    private EpochTable epochs = EpochTable.EMPTY;
    private long known;

    /** What of {@code known} the checkpoint says; up to there its epochs and sizes hold, too. */
    private long checkpointed;

    private LogBody.Forced forced = LogBody.Forced.before(0, 0);
    private boolean forcedFound;
    private long damagedAt = -1;
    private long cutBytes;
    private String detail = "";
    private int rebuiltIndexes;

    LogRecovery(LogPaths paths, LogConfig config, @Nullable LogState state) {
        this.paths = paths;
        this.context = paths.context();
        this.disk = context.disk();
        this.config = config;
        this.state = state;
    }

    /** The log and what was found; reading errors take the partition, writing errors the directory. */
    SegmentLog recover() {
        try {
            return run();
        } catch (IOException failure) {
            throw DirectoryHealth.unreadable("log " + paths.partition(), failure);
        }
    }

    private SegmentLog run() throws IOException {
        List<String> names = new SwapRecovery(paths, config.indexIntervalBytes()).finish();
        OptionalLong cut =
                names.contains(LogPaths.TRUNCATED) ? Notes.read(paths, LogPaths.TRUNCATED) : OptionalLong.empty();
        OptionalLong noted = names.contains(LogPaths.START) ? Notes.read(paths, LogPaths.START) : OptionalLong.empty();
        long believed = cut.orElse(Long.MAX_VALUE);
        known = state == null ? 0 : Math.min(state.forced().offset(), believed);
        checkpointed = known;
        if (state != null) {
            epochs = state.epochs().before(known);
        }
        List<Long> bases = names.stream()
                .map(name -> LogPaths.offsetOf(name, LogPaths.LOG))
                .filter(base -> base >= 0)
                .sorted()
                .toList();
        long start = noted.orElse(state != null ? state.startOffset() : bases.isEmpty() ? 0 : bases.getFirst());
        bases = withoutThoseBelow(start, bases);
        raiseKnown(bases);
        readSegments(bases, start);
        long end = end(start);
        if (end < start || segments.isEmpty()) {
            end = start;
            if (damagedAt >= 0 || known > start) {
                standAt(start);
            } else {
                restart(bases, start);
            }
        } else if (end < known && damagedAt < 0) {
            damage(end, "records up to " + known + " were forced and are missing");
        }
        start = Math.max(start, segments.getFirst().baseOffset());
        if (!forcedFound) {
            forced = LogBody.Forced.before(
                    Math.min(known, end), segments.getLast().baseOffset());
        }
        return build(names, start, believed);
    }

    /** A seal says that everything before the end of its segment was forced; the newest good one is enough. */
    private void raiseKnown(List<Long> bases) throws IOException {
        for (int i = bases.size() - 2; i >= 0 && bases.get(i + 1) > known; i--) {
            try (DiskFile file = disk.open(paths.log(bases.get(i)), false)) {
                Optional<Seal> seal = Seal.read(paths, bases.get(i), file.sizeBytes());
                if (seal.isPresent() && seal.get().endOffset() == bases.get(i + 1)) {
                    known = bases.get(i + 1);
                }
            }
        }
    }

    private List<Long> withoutThoseBelow(long start, List<Long> bases) throws IOException {
        int first = 0;
        while (first + 1 < bases.size() && bases.get(first + 1) <= start) {
            disk.deleteIfExists(paths.index(bases.get(first)));
            disk.deleteIfExists(paths.log(bases.get(first)));
            first++;
        }
        return bases.subList(first, bases.size());
    }

    private long end(long start) {
        return segments.isEmpty() ? start : segments.getLast().endOffset();
    }

    /** All records were below the start: an empty log that begins there. */
    private void restart(List<Long> bases, long start) throws IOException {
        for (long base : bases.reversed()) {
            disk.deleteIfExists(paths.index(base));
            disk.deleteIfExists(paths.log(base));
        }
        damagedAt = -1;
        beginAt(start);
    }

    /** Damage below the start, or files that are gone, hides forced records: all that is left of the files stays. */
    private void standAt(long start) {
        damage(start, damagedAt >= 0 ? detail : "records up to " + known + " were forced and are missing");
        beginAt(start);
    }

    private void beginAt(long start) {
        segments.clear();
        segments.add(Segment.empty(paths, start, context.clock().wallMs()));
        epochs = epochs.from(start).before(start + 1);
        forced = LogBody.Forced.before(start, start);
        forcedFound = true;
    }

    private void readSegments(List<Long> bases, long start) throws IOException {
        long expected = bases.isEmpty() ? start : bases.getFirst();
        for (int i = 0; i < bases.size() && damagedAt < 0; i++) {
            long base = bases.get(i);
            if (base != expected && !segments.isEmpty() && !joins(bases, i, base, expected)) {
                return;
            }
            long next = i + 1 < bases.size() ? bases.get(i + 1) : -1;
            try (DiskFile file = disk.open(paths.log(base), false)) {
                long size = file.sizeBytes();
                if (size > Integer.MAX_VALUE) {
                    damage(base, "the segment of " + base + " has " + size + " bytes");
                    return;
                }
                if (next < 0 || !trusted(base, next, (int) size)) {
                    if (!scan(bases, i, file, (int) size)) {
                        return;
                    }
                }
            }
            expected = segments.getLast().endOffset();
        }
    }

    /**
     * Whether the segment may follow although offsets are missing or double between it and the one before. Above the
     * known-forced offset missing ones are the lost end of a file; a follower of a compacted log fetches them again.
     */
    private boolean joins(List<Long> bases, int i, long base, long expected) throws IOException {
        Segment before = segments.getLast();
        if (base > expected && gapsAllowed() && (base <= known || state == null)) {
            Extent extent = before.extent();
            before.extend(new Extent(extent.sizeBytes(), base, extent.maxTimestampMs()));
            return true;
        }
        if (base < expected || expected < known) {
            damage(expected, "the segment of " + base + " does not follow offset " + expected);
        } else {
            cutFrom(bases, i, "the end of a segment never reached the disk");
        }
        return false;
    }

    /** Compaction leaves gaps, and so does a follower's log that was fetched from a compacted one. */
    private boolean gapsAllowed() {
        return config.compact() || (state != null && state.cleanedTo() > 0);
    }

    /** A closed segment that need not be read: the checkpoint or its seal says that it was forced as it is. */
    private boolean trusted(long base, long next, int size) throws IOException {
        SegmentState remembered = state == null ? null : state.segment(base);
        if (remembered != null && remembered.sizeBytes() == size && next <= checkpointed) {
            add(new Segment(
                    paths,
                    base,
                    new Extent(size, next, remembered.maxTimestampMs()),
                    context.clock().wallMs()));
            return true;
        }
        Optional<Seal> seal = Seal.read(paths, base, size);
        if (seal.isEmpty() || seal.get().endOffset() != next) {
            return false;
        }
        add(new Segment(
                paths,
                base,
                new Extent(size, next, seal.get().maxTimestampMs()),
                context.clock().wallMs()));
        epochs = epochs.with(seal.get().epochs());
        if (next <= known) {
            forced = LogBody.Forced.all(base, segments.getLast().extent());
            forcedFound = true;
        }
        return true;
    }

    private void add(Segment segment) {
        segment.exists = true;
        segments.add(segment);
    }

    /** Reads a segment; false when the log ends in it. */
    private boolean scan(List<Long> bases, int i, DiskFile file, int size) throws IOException {
        long base = bases.get(i);
        LogState.SegmentState remembered = state == null ? null : state.segment(base);
        LogBody.Forced point = state == null ? null : state.forced();
        boolean resumes = point != null
                && remembered != null
                && point.segmentBase() == base
                && point.offset() == known
                && checkpointed == known
                && point.position() <= size
                && point.position() > 0;
        if (resumes && point != null && remembered != null) {
            boolean done = scan(bases, i, file, size, point.position(), known, point.maxTimestampMs());
            if (damagedAt != known) {
                return done;
            }
            // compaction may have moved the place since the checkpoint: look from the start of the segment
            segments.removeLast();
            damagedAt = -1;
        }
        return scan(bases, i, file, size, 0, base, -1);
    }

    private boolean scan(
            List<Long> bases, int i, DiskFile file, int size, int from, long fromOffset, long maxTimestampBefore)
            throws IOException {
        long base = bases.get(i);
        long maxTimestamp = maxTimestampBefore;
        SparseIndex index = from == 0 ? new SparseIndex() : null;
        int knownPosition = fromOffset >= known ? from : -1;
        long knownTimestamp = maxTimestampBefore;
        EpochTable found = epochs;
        try (TailScan scan = new TailScan(
                context,
                file,
                base,
                size,
                from,
                fromOffset,
                found.before(fromOffset + 1).latest(),
                gapsAllowed())) {
            while (scan.next()) {
                if (knownPosition < 0 && scan.batchBaseOffset() >= known) {
                    knownPosition = scan.position();
                    knownTimestamp = maxTimestamp;
                }
                if (index != null && scan.position() - index.lastPosition() >= config.indexIntervalBytes()) {
                    index.add((int) (scan.batchBaseOffset() - base), scan.position(), maxTimestamp);
                }
                maxTimestamp = Math.max(maxTimestamp, scan.batchMaxTimestampMs());
                found = found.with(scan.batchEpoch(), scan.batchBaseOffset());
            }
            int end = scan.position();
            Segment segment = new Segment(
                    paths,
                    base,
                    new Extent(end, scan.nextOffset(), maxTimestamp),
                    context.clock().wallMs());
            if (index != null) {
                segment.setIndex(index);
                // the active segment has its index in memory only
                rebuiltIndexes += last(bases, i) ? 0 : 1;
            }
            add(segment);
            epochs = found;
            int durable = knownPosition >= 0 ? Math.min(knownPosition, end) : end;
            segment.forcedBytes = durable;
            if (!forcedFound || known >= base) {
                forced = new LogBody.Forced(
                        Math.min(known, scan.nextOffset()),
                        base,
                        durable,
                        knownPosition >= 0 ? knownTimestamp : maxTimestamp);
                forcedFound = true;
            }
            if (end == size) {
                return true;
            }
            if (!last(bases, i) && scan.nextOffset() == bases.get(i + 1)) {
                trim(file, end, size);
                return true;
            }
            judge(bases, i, scan, file, size);
            return false;
        }
    }

    /** Bad bytes at the scan's position: a torn tail or damage. */
    private void judge(List<Long> bases, int i, TailScan scan, DiskFile file, int size) throws IOException {
        int bad = scan.position();
        long offset = scan.nextOffset();
        String place = "position " + bad + " of the segment of " + bases.get(i);
        if (offset < known) {
            damage(offset, "no good batch at " + place + ", below the forced offset " + known);
            return;
        }
        int good = scan.findNext();
        boolean followed =
                good >= 0 || (!last(bases, i) && scan.headersReach(bases.get(i + 1)) && beginsWell(bases.get(i + 1)));
        if (followed && !scan.hasUnwrittenSector(good >= 0 ? good : size)) {
            damage(offset, "no good batch at " + place + ", but good ones behind it");
            return;
        }
        cutFrom(bases, i + 1, "torn at " + place);
        trim(file, bad, size);
    }

    /** What is behind {@code end} is no record: the rest of a write that was undone, or torn. */
    private void trim(DiskFile file, int end, int size) {
        try {
            file.truncate(end);
            file.force();
        } catch (IOException failure) {
            throw context.health().broken("cutting the torn end of " + paths.partition(), failure);
        }
        cutBytes += size - end;
    }

    private static boolean last(List<Long> bases, int i) {
        return i + 1 == bases.size();
    }

    private boolean beginsWell(long base) throws IOException {
        try (DiskFile file = disk.open(paths.log(base), false)) {
            int size = (int) Math.min(file.sizeBytes(), Integer.MAX_VALUE);
            try (TailScan scan = new TailScan(context, file, base, size, 0, base, -1, false)) {
                return scan.next();
            }
        }
    }

    private void cutFrom(List<Long> bases, int first, String why) throws IOException {
        detail = why;
        disk.deleteIfExists(paths.index(bases.get(Math.max(0, first - 1))));
        for (int i = bases.size() - 1; i >= first; i--) {
            try (DiskFile file = disk.open(paths.log(bases.get(i)), false)) {
                cutBytes += file.sizeBytes();
            }
            disk.deleteIfExists(paths.index(bases.get(i)));
            disk.deleteIfExists(paths.log(bases.get(i)));
            disk.forceDirectory(paths.directory());
        }
    }

    private void damage(long offset, String why) {
        damagedAt = offset;
        detail = why;
    }

    private SegmentLog build(List<String> names, long start, long believed) throws IOException {
        LogBody body = new LogBody(paths, config, segments.toArray(new Segment[0]), start, epochs.from(start), forced);
        long end = body.endOffset();
        body.damagedAt = damagedAt;
        body.forcedBeforeDamage = damagedAt >= 0 ? known : -1;
        body.cleanedTo =
                state == null ? 0 : Math.min(state.cleanedTo(), body.active().baseOffset());
        body.cutNoted = believed;
        if (end > forced.offset()) {
            synchronized (body) {
                body.directoryChanged = true;
            }
            body.unforcedSinceNanos = Math.max(1, context.clock().nanos());
        }
        if (damagedAt < 0 && state != null && Math.min(believed, state.endOffset()) > end) {
            // other records will get these offsets: what the checkpoint says of them must not be believed again
            Notes.write(paths, LogPaths.TRUNCATED, end);
            body.cutNoted = end;
        }
        if (names.contains(LogPaths.ABORTED)) {
            body.aborted.foundAfterCrash();
            if (damagedAt < 0) {
                body.aborted.cutTo(end);
            }
        }
        body.snapshots.found(snapshots(names, Math.min(believed, end), end));
        return new SegmentLog(body, new RecoveryReport(false, cutBytes, damagedAt, rebuiltIndexes, detail));
    }

    /** Those of this history; files of another one go, durably, before its offsets are used again. */
    private List<Stored> snapshots(List<String> names, long believed, long end) throws IOException {
        List<Stored> found = new ArrayList<>();
        if (state != null) {
            state.snapshots().stream()
                    .filter(stored -> stored.inline() != null && stored.offset() <= believed)
                    .forEach(found::add);
        }
        boolean removed = false;
        for (String name : names) {
            long offset = LogPaths.offsetOf(name, LogPaths.SNAPSHOT);
            if (offset > end) {
                if (damagedAt >= 0) {
                    continue;
                }
                disk.deleteIfExists(paths.file(name));
                removed = true;
            } else if (offset >= 0) {
                found.add(new Stored(offset, null));
            }
        }
        if (removed) {
            disk.forceDirectory(paths.directory());
        }
        return found;
    }
}
