package io.jofka.node.sim;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.SplittableRandom;

/** What one file holds: as programs see it, and as a power cut would leave it. Guarded by the disk's lock. */
final class SimulatedContent {
    private static final int PAGE = 4096;
    private static final int SECTOR = 512;

    /** A write ({@code from < to}) or a truncation ({@code from == to}) that was not forced yet. */
    private record Change(int from, int to) {
        boolean truncates() {
            return from == to;
        }
    }

    byte[] bytes = new byte[0];
    int size;
    private byte[] forced = new byte[0];
    private int forcedSize;
    private List<Change> unforced = new ArrayList<>(2);

    void write(byte[] source, int offset, int count, int position) {
        if (count == 0) {
            return;
        }
        int end = position + count;
        bytes = grown(bytes, end);
        System.arraycopy(source, offset, bytes, position, count);
        size = Math.max(size, end);
        int last = unforced.size() - 1;
        unforced.add(new Change(position, end));
        if (last > 256) {
            unforced = merged();
        }
    }

    /** Keeps the list short for files that are never forced; order inside the run of writes is given up. */
    private List<Change> merged() {
        int from = Integer.MAX_VALUE;
        int to = 0;
        List<Change> result = new ArrayList<>();
        for (Change change : unforced) {
            if (change.truncates()) {
                if (to > from) {
                    result.add(new Change(from, Math.min(to, Math.max(from + 1, size))));
                }
                from = Integer.MAX_VALUE;
                to = 0;
                result.add(change);
            } else {
                from = Math.min(from, change.from);
                to = Math.max(to, change.to);
            }
        }
        if (to > from) {
            result.add(new Change(from, to));
        }
        return result;
    }

    void truncate(int newSize) {
        if (newSize < size) {
            Arrays.fill(bytes, newSize, size, (byte) 0);
            size = newSize;
            unforced.add(new Change(newSize, newSize));
        }
    }

    void force() {
        forced = grown(forced, size);
        for (Change change : unforced) {
            int to = Math.min(change.truncates() ? forcedSize : change.to, size);
            if (change.from < to) {
                System.arraycopy(bytes, change.from, forced, change.from, to - change.from);
            }
        }
        if (size < forcedSize) {
            Arrays.fill(forced, size, Math.min(forcedSize, forced.length), (byte) 0);
        }
        forcedSize = size;
        unforced.clear();
    }

    boolean isForced() {
        return unforced.isEmpty();
    }

    int forcedSize() {
        return forcedSize;
    }

    /** The power is cut: what was forced stays, of the rest any part, in a way that real disks show. */
    void lose(SplittableRandom random) {
        if (!unforced.isEmpty()) {
            byte[] seen = bytes;
            bytes = Arrays.copyOf(forced, forcedSize);
            size = forcedSize;
            switch (random.nextInt(4)) {
                case 0 -> {}
                case 1 -> keepPrefix(seen, random, false);
                case 2 -> keepPrefix(seen, random, true);
                default -> keepPages(seen, random);
            }
        }
        forced = Arrays.copyOf(bytes, size);
        forcedSize = size;
        unforced.clear();
    }

    /** Some changes in order, the next one torn, perhaps with garbage where its end would be. */
    private void keepPrefix(byte[] seen, SplittableRandom random, boolean garbage) {
        int whole = random.nextInt(unforced.size() + 1);
        for (Change change : unforced.subList(0, whole)) {
            apply(change, seen, change.to);
        }
        if (whole == unforced.size() || unforced.get(whole).truncates()) {
            return;
        }
        Change torn = unforced.get(whole);
        int until = torn.from + random.nextInt(torn.to - torn.from);
        apply(torn, seen, until);
        if (garbage) {
            byte[] noise = new byte[random.nextInt(torn.to - until)];
            random.nextBytes(noise);
            bytes = grown(bytes, until + noise.length);
            System.arraycopy(noise, 0, bytes, until, noise.length);
            size = Math.max(size, until + noise.length);
        }
    }

    /**
     * The size arrived, and each page, or after a cut inside its writing each sector, as it was at some moment: with the
     * changes before that moment and without the later ones. What was never written reads as zeros.
     */
    private void keepPages(byte[] seen, SplittableRandom random) {
        int unit = random.nextBoolean() ? PAGE : SECTOR;
        int[] moments = new int[unforced.stream().mapToInt(Change::to).max().orElse(0) / unit + 1];
        for (int i = 0; i < moments.length; i++) {
            moments[i] = random.nextInt(3) == 0 ? unforced.size() : random.nextInt(unforced.size() + 1);
        }
        int number = 0;
        for (Change change : unforced) {
            if (change.truncates()) {
                apply(change, seen, change.to);
                number++;
                continue;
            }
            bytes = grown(bytes, change.to);
            size = Math.max(size, change.to);
            for (int page = change.from / unit; page <= (change.to - 1) / unit; page++) {
                int from = Math.max(change.from, page * unit);
                int to = Math.min(change.to, (page + 1) * unit);
                if (number < moments[page]) {
                    System.arraycopy(seen, from, bytes, from, to - from);
                }
            }
            number++;
        }
    }

    private void apply(Change change, byte[] seen, int until) {
        if (change.truncates()) {
            if (change.from < size) {
                Arrays.fill(bytes, change.from, size, (byte) 0);
                size = change.from;
            }
        } else if (until > change.from) {
            bytes = grown(bytes, until);
            System.arraycopy(seen, change.from, bytes, change.from, until - change.from);
            size = Math.max(size, until);
        }
    }

    private static byte[] grown(byte[] array, int atLeast) {
        return atLeast <= array.length ? array : Arrays.copyOf(array, Math.max(atLeast, array.length * 2));
    }
}
