package io.jofka.node.consensus;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.List;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.stream.Stream;
import java.util.zip.CRC32C;
import org.apache.kafka.snapshot.Snapshots;

/**
 * Looks at the metadata log before the engine opens it. The engine cuts a log at the first damaged byte whatever comes
 * after; that is right for a torn tail that was never acknowledged, and silent loss for everything else. So damage before
 * the last forced index is refused here, and the files stay as they are. Reads Kafka's record batches (magic 2).
 */
final class RaftLogCheck {
    private static final int OVERHEAD = 12;
    private static final int MIN_BATCH = 61;
    private static final int CRC_AT = 17;
    private static final int CRC_FROM = 21;
    private static final int LAST_OFFSET_DELTA_AT = 23;
    private static final int MAX_BATCH = 64 << 20;

    /** @param validEnd end index of the batches that can be read; -1 when there are none
     * @param damage what ends them early; empty when the log is whole */
    record Report(long validEnd, String damage) {}

    private RaftLogCheck() {}

    /** Fails with {@link RefusedFolder} when what was forced, or the vote, is not there any more. */
    static Report check(Path log, OptionalLong forcedEnd) throws IOException {
        Report report = read(log);
        long readable = report.validEnd() < 0 && report.damage().isEmpty() ? newestCheckpoint(log) : report.validEnd();
        long forced = forcedEnd.orElse(0);
        if (readable < forced) {
            throw new RefusedFolder("The metadata log in " + log + " is damaged ("
                    + (report.damage().isEmpty() ? "its end is missing" : report.damage()) + "): it can be read up to"
                    + " index " + Math.max(readable, 0) + ", and index " + forced + " had been acknowledged. The node"
                    + " does not start, and nothing has been changed. Restore the folder, or start with an empty one"
                    + " as a new member when other controllers have the log.");
        }
        if (report.validEnd() > 0 && !Files.exists(log.resolveSibling(VoteFile.NAME))) {
            throw new RefusedFolder("The vote file " + log.resolveSibling(VoteFile.NAME) + " is missing"
                    + ": this node could vote twice in one term. Restore the folder; nothing has been changed.");
        }
        return report;
    }

    /** End index of the newest checkpoint by its file name; 0 when there is none. */
    private static long newestCheckpoint(Path log) throws IOException {
        try (Stream<Path> files = Files.list(log)) {
            return files.map(Snapshots::parse)
                    .flatMap(Optional::stream)
                    .filter(snapshot -> !snapshot.partial() && !snapshot.deleted())
                    .mapToLong(snapshot -> snapshot.snapshotId().offset())
                    .max()
                    .orElse(0);
        }
    }

    private static Report read(Path log) throws IOException {
        List<Path> segments;
        try (Stream<Path> files = Files.list(log)) {
            segments = files.filter(file -> file.getFileName().toString().endsWith(".log"))
                    .sorted()
                    .toList();
        }
        long end = -1;
        for (Path segment : segments) {
            Report report = readSegment(segment, end);
            end = report.validEnd();
            if (!report.damage().isEmpty()) {
                return report;
            }
        }
        return new Report(end, "");
    }

    private static Report readSegment(Path segment, long from) throws IOException {
        long end = from;
        try (FileChannel file = FileChannel.open(segment, StandardOpenOption.READ)) {
            long size = file.size();
            long position = 0;
            ByteBuffer header = ByteBuffer.allocate(OVERHEAD);
            while (position < size) {
                int bytes = size - position < MIN_BATCH ? -1 : batchSize(file, header, position);
                if (bytes < MIN_BATCH || bytes > MAX_BATCH || bytes > size - position) {
                    return damaged(segment, position, end);
                }
                ByteBuffer batch = ByteBuffer.allocate(bytes);
                readFully(file, batch, position);
                long lastIndex = lastIndex(batch);
                if (lastIndex < 0 || (end >= 0 && batch.getLong(0) != end)) {
                    return damaged(segment, position, end);
                }
                end = lastIndex + 1;
                position += bytes;
            }
        }
        return new Report(end, "");
    }

    /** Index of the last record; -1 when the checksum does not fit. */
    private static long lastIndex(ByteBuffer batch) {
        CRC32C crc = new CRC32C();
        crc.update(batch.duplicate().position(CRC_FROM));
        boolean whole = batch.get(16) == 2 && (int) crc.getValue() == batch.getInt(CRC_AT);
        return whole ? batch.getLong(0) + batch.getInt(LAST_OFFSET_DELTA_AT) : -1;
    }

    private static int batchSize(FileChannel file, ByteBuffer header, long position) throws IOException {
        readFully(file, header.clear(), position);
        int size = header.getInt(8);
        return size < 0 || size > MAX_BATCH ? -1 : size + OVERHEAD;
    }

    private static void readFully(FileChannel file, ByteBuffer target, long position) throws IOException {
        while (target.hasRemaining()) {
            if (file.read(target, position + target.position()) < 0) {
                throw new IOException("the file became shorter while it was read");
            }
        }
    }

    private static Report damaged(Path segment, long position, long end) {
        return new Report(end, segment.getFileName() + " at byte " + position);
    }
}
