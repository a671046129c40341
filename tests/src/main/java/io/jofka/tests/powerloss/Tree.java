package io.jofka.tests.powerloss;

import java.util.ArrayList;
import java.util.Iterator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/** Folders and files as a file system has them: what a process sees now, and what would be there after a power cut. */
sealed interface Tree {
    /** A folder: its names as seen now, its durable names, and the changes between them that no force covers yet. */
    final class Folder implements Tree {
        final Map<String, Tree> now = new TreeMap<>();
        final Map<String, Tree> durable = new TreeMap<>();
        final List<Change> pending = new ArrayList<>();

        void forced(long covered) {
            Iterator<Change> changes = pending.iterator();
            while (changes.hasNext()) {
                Change change = changes.next();
                if (change.number < covered) {
                    change.apply();
                    changes.remove();
                }
            }
        }
    }

    /**
     * A change of names: one name is given to a node, another one is taken away (a rename does both, as one).
     * It waits in the folder that gets the name, or that loses it when none gets one.
     */
    final class Change {
        final long number;
        private final @Nullable Folder into;
        private final String name;
        private final @Nullable Tree node;
        private final @Nullable Folder from;
        private final String oldName;

        Change(
                long number,
                @Nullable Folder into,
                String name,
                @Nullable Tree node,
                @Nullable Folder from,
                String oldName) {
            this.number = number;
            this.into = into;
            this.name = name;
            this.node = node;
            this.from = from;
            this.oldName = oldName;
        }

        void apply() {
            if (from != null) {
                from.durable.remove(oldName);
            }
            if (into != null && node != null) {
                into.durable.put(name, node);
            }
        }
    }

    /** A file: its durable bytes and the writes and size changes that no force covers yet. */
    final class File implements Tree {
        final Content durable = new Content();
        final LinkedHashMap<Long, Write> pending = new LinkedHashMap<>();

        void forced(long covered) {
            Iterator<Map.Entry<Long, Write>> writes = pending.entrySet().iterator();
            while (writes.hasNext()) {
                Map.Entry<Long, Write> next = writes.next();
                if (next.getKey() >= covered) {
                    break;
                }
                durable.apply(next.getValue());
                writes.remove();
            }
        }
    }

    /** Bytes at an offset, or a new size when there are no bytes. */
    record Write(long offset, byte @Nullable [] data) {}

    /** Bytes that grow. */
    final class Content {
        private byte[] bytes = new byte[0];
        private int size;

        int size() {
            return size;
        }

        byte[] bytes() {
            return java.util.Arrays.copyOf(bytes, size);
        }

        Content copy() {
            Content copy = new Content();
            copy.bytes = bytes();
            copy.size = size;
            return copy;
        }

        void apply(Write write) {
            byte[] data = write.data();
            if (data == null) {
                resize(Math.toIntExact(write.offset()));
                return;
            }
            int end = Math.toIntExact(write.offset() + data.length);
            if (end > size) {
                resize(end);
            }
            System.arraycopy(data, 0, bytes, Math.toIntExact(write.offset()), data.length);
        }

        void resize(int newSize) {
            if (newSize > bytes.length) {
                bytes = java.util.Arrays.copyOf(bytes, Math.max(newSize, (int) Math.min(bytes.length * 2L, 1L << 30)));
            }
            if (newSize < size) {
                java.util.Arrays.fill(bytes, newSize, size, (byte) 0);
            }
            size = newSize;
        }
    }
}
