package io.jofka.node.storage;

import com.google.errorprone.annotations.concurrent.GuardedBy;
import io.jofka.node.storage.Log.StateSnapshot;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * The newest two producer-state snapshots of a log. A small one lives in the directory's checkpoint, so that closing
 * ten thousand idle logs writes one file; a larger one has a file of its own, checked by CRC when read. Neither is
 * forced: a lost one costs a longer scan, no more. Thread-safe.
 */
final class Snapshots {
    private static final int KIND = 0x4a465053;
    private static final int VERSION = 1;
    private static final int KEPT = 2;

    /** {@code inline} is null for one in a file. */
    record Stored(long offset, byte @Nullable [] inline) {}

    private final LogPaths paths;

    /** Rising by offset, at most two. */
    @GuardedBy("this")
    private List<Stored> stored = List.of();

    Snapshots(LogPaths paths) {
        this.paths = paths;
    }

    synchronized List<Stored> stored() {
        return stored;
    }

    /** Told by recovery or the checkpoint; more than two may be given, in any order. */
    synchronized void found(List<Stored> found) {
        List<Stored> sorted = new ArrayList<>(found);
        sorted.sort((one, other) -> Long.compare(one.offset, other.offset));
        stored = List.copyOf(sorted.subList(Math.max(0, sorted.size() - KEPT), sorted.size()));
    }

    synchronized void write(StateSnapshot snapshot) {
        byte[] bytes = snapshot.bytes();
        boolean inline = bytes.length <= paths.context().config().inlineSnapshotBytes();
        if (!inline) {
            try {
                Checked.write(paths.context().disk(), path(snapshot.offset()), KIND, VERSION, ByteBuffer.wrap(bytes));
            } catch (IOException failure) {
                throw paths.writeFailed("a producer-state snapshot", failure);
            }
        }
        List<Stored> next = new ArrayList<>(stored);
        if (inline) {
            // one of the same offset in a file must not come back when the checkpoint is lost
            next.stream().filter(old -> old.offset == snapshot.offset()).forEach(this::delete);
        }
        next.removeIf(old -> old.offset == snapshot.offset());
        next.add(new Stored(snapshot.offset(), inline ? bytes.clone() : null));
        while (next.size() > KEPT) {
            delete(next.removeFirst());
        }
        stored = List.copyOf(next);
    }

    /** The newest good one at or below {@code endOffset}. */
    synchronized Optional<StateSnapshot> latest(long endOffset) {
        for (int i = stored.size() - 1; i >= 0; i--) {
            Stored candidate = stored.get(i);
            if (candidate.offset > endOffset) {
                continue;
            }
            byte[] inline = candidate.inline;
            if (inline != null) {
                return Optional.of(new StateSnapshot(candidate.offset, inline.clone()));
            }
            Optional<StateSnapshot> read = read(candidate.offset);
            if (read.isPresent()) {
                return read;
            }
        }
        return Optional.empty();
    }

    private Optional<StateSnapshot> read(long offset) {
        try {
            return Checked.read(paths.context().disk(), path(offset), KIND, VERSION)
                    .map(content -> {
                        byte[] bytes = new byte[content.remaining()];
                        content.get(bytes);
                        return new StateSnapshot(offset, bytes);
                    });
        } catch (IOException failure) {
            throw DirectoryHealth.unreadable("a producer-state snapshot of " + paths.partition(), failure);
        }
    }

    /** Those above the offset belong to a history that is gone; also files that are not among the newest two. */
    synchronized void truncateTo(long offset) throws IOException {
        stored = stored.stream().filter(kept -> kept.offset <= offset).toList();
        for (String name : paths.context().disk().list(paths.directory())) {
            if (LogPaths.offsetOf(name, LogPaths.SNAPSHOT) > offset) {
                paths.context().disk().deleteIfExists(paths.file(name));
            }
        }
    }

    private void delete(Stored old) {
        if (old.inline == null) {
            try {
                paths.context().disk().deleteIfExists(path(old.offset));
            } catch (IOException failure) {
                throw paths.writeFailed("deletion of a snapshot", failure);
            }
        }
    }

    private Path path(long offset) {
        return paths.file(LogPaths.name(offset, LogPaths.SNAPSHOT));
    }
}
