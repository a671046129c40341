package io.jofka.tests.powerloss;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.random.RandomGenerator;
import org.jspecify.annotations.Nullable;

/**
 * Makes the folder a machine could find after a power cut: what was forced is there; of the rest a random part is, torn
 * as disks tear it (at sectors, in any order of pages, with zeros or rubbish in what was never written). Names that were
 * made, changed or removed count as durable when their folder was forced after that; of the others each folder keeps a
 * random beginning.
 */
public final class PowerCut {
    private static final int SECTOR = 512;
    private static final int PAGE = 4096;

    private final Path watched;
    private final RandomGenerator random;
    private final Tree.Folder root = new Tree.Folder();
    private final Map<Long, Tree> byNumber = new HashMap<>();
    private long lostWrites;
    private long lostNames;
    private long tornFiles;

    private PowerCut(Path watched, RandomGenerator random) {
        this.watched = watched;
        this.random = random;
    }

    /** What the cut took away. */
    public record Damage(long entries, long lostWrites, long lostNames, long tornFiles) {}

    /**
     * Builds the image.
     *
     * @param before the folder as it was, durable, before the process started
     * @param watched the path the process worked on
     * @param journal what it did
     * @param image where the result goes; must not exist
     */
    public static Damage image(Path before, Path watched, Path journal, RandomGenerator random, Path image) {
        PowerCut cut = new PowerCut(watched, random);
        try {
            cut.load(before, cut.root);
            long entries = Journal.read(journal, cut::replay);
            cut.keepSomeNames(cut.root);
            cut.write(cut.root, image);
            return new Damage(entries, cut.lostWrites, cut.lostNames, cut.tornFiles);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private void load(Path from, Tree.Folder into) throws IOException {
        try (var entries = Files.list(from)) {
            for (Path path : entries.toList()) {
                String name = path.getFileName().toString();
                Tree node;
                if (Files.isDirectory(path)) {
                    Tree.Folder folder = new Tree.Folder();
                    load(path, folder);
                    node = folder;
                } else {
                    Tree.File file = new Tree.File();
                    file.durable.apply(new Tree.Write(0, Files.readAllBytes(path)));
                    node = file;
                }
                into.now.put(name, node);
                into.durable.put(name, node);
            }
        }
    }

    private void replay(Journal.Entry entry) {
        switch (entry.type()) {
            case 'C' -> created(entry);
            case 'O' -> opened(entry);
            case 'W' -> file(entry).pending.put(entry.number(), new Tree.Write(entry.at(), entry.payload()));
            case 'T' -> file(entry).pending.put(entry.number(), new Tree.Write(entry.at(), null));
            case 'F' -> file(entry).forced(entry.covered());
            case 'M' -> file(entry).durable.apply(new Tree.Write(entry.at(), entry.payload()));
            case 'D' -> folder(Path.of(entry.text())).forced(entry.covered());
            case 'K' -> named(entry, Path.of(entry.text()), new Tree.Folder());
            case 'U' -> removed(entry);
            case 'R' -> renamed(entry);
            case 'L' -> {
                Path[] pair = pair(entry);
                named(entry, pair[1], node(pair[0]));
            }
            default -> throw new IllegalStateException("entry " + entry.number() + " of type " + entry.type());
        }
    }

    private void created(Journal.Entry entry) {
        Path path = Path.of(entry.text());
        // an exclusive creation that lost a race, or a name that was there: keep the node
        Tree there = folder(path.getParent()).now.get(name(path));
        if (there instanceof Tree.File) {
            byNumber.put(entry.file(), there);
            return;
        }
        Tree.File file = new Tree.File();
        byNumber.put(entry.file(), file);
        named(entry, path, file);
    }

    private void opened(Journal.Entry entry) {
        byNumber.put(entry.file(), node(Path.of(entry.text())));
    }

    private void named(Journal.Entry entry, Path path, Tree node) {
        Tree.Folder folder = folder(path.getParent());
        folder.now.put(name(path), node);
        folder.pending.add(new Tree.Change(entry.number(), folder, name(path), node, null, ""));
    }

    private void removed(Journal.Entry entry) {
        Path path = Path.of(entry.text());
        Tree.Folder folder = folder(path.getParent());
        folder.now.remove(name(path));
        folder.pending.add(new Tree.Change(entry.number(), null, "", null, folder, name(path)));
    }

    private void renamed(Journal.Entry entry) {
        Path[] pair = pair(entry);
        Tree.Folder from = folder(pair[0].getParent());
        Tree.Folder into = folder(pair[1].getParent());
        Tree node = node(pair[0]);
        from.now.remove(name(pair[0]));
        into.now.put(name(pair[1]), node);
        into.pending.add(new Tree.Change(entry.number(), into, name(pair[1]), node, from, name(pair[0])));
    }

    private static Path[] pair(Journal.Entry entry) {
        String[] both = entry.text().split("\0", -1);
        return new Path[] {Path.of(both[0]), Path.of(both[1])};
    }

    private Tree.File file(Journal.Entry entry) {
        if (byNumber.get(entry.file()) instanceof Tree.File file) {
            return file;
        }
        throw new IllegalStateException("entry " + entry.number() + ": no file " + entry.file());
    }

    private Tree.Folder folder(@Nullable Path path) {
        if (path != null && node(path) instanceof Tree.Folder folder) {
            return folder;
        }
        throw new IllegalStateException("no folder " + path);
    }

    private Tree node(Path path) {
        Tree at = root;
        Path relative = watched.relativize(path.normalize());
        for (Path part : relative) {
            if (part.toString().isEmpty()) {
                continue;
            }
            Tree next = at instanceof Tree.Folder folder ? folder.now.get(part.toString()) : null;
            if (next == null) {
                throw new IllegalStateException("nothing at " + path);
            }
            at = next;
        }
        return at;
    }

    private static String name(Path path) {
        return path.getFileName().toString();
    }

    /** Each folder keeps a random beginning of its changes; a change waits behind the earlier ones of its folder. */
    private void keepSomeNames(Tree.Folder folder) {
        List<Tree.Folder> all = new ArrayList<>();
        collect(folder, all);
        for (Tree.Folder each : all) {
            int kept = each.pending.isEmpty() ? 0 : random.nextInt(each.pending.size() + 1);
            lostNames += each.pending.size() - kept;
            each.pending.subList(0, kept).forEach(Tree.Change::apply);
        }
    }

    private static void collect(Tree.Folder folder, List<Tree.Folder> all) {
        all.add(folder);
        for (Tree node : folder.now.values()) {
            if (node instanceof Tree.Folder child) {
                collect(child, all);
            }
        }
        for (Tree node : folder.durable.values()) {
            if (node instanceof Tree.Folder child && !all.contains(child)) {
                collect(child, all);
            }
        }
    }

    private void write(Tree.Folder folder, Path to) throws IOException {
        Files.createDirectories(to);
        for (Map.Entry<String, Tree> entry : folder.durable.entrySet()) {
            Path path = to.resolve(entry.getKey());
            switch (entry.getValue()) {
                case Tree.Folder child -> write(child, path);
                case Tree.File file -> Files.write(path, survivor(file).bytes());
            }
        }
    }

    /** The bytes of a file after the cut. */
    private Tree.Content survivor(Tree.File file) {
        Tree.Content content = file.durable.copy();
        List<Tree.Write> pending = new ArrayList<>(file.pending.values());
        if (pending.isEmpty()) {
            return content;
        }
        tornFiles++;
        boolean resized = pending.stream().anyMatch(write -> write.data() == null);
        switch (random.nextInt(5)) {
            case 0 -> lostWrites += pending.size();
            case 1 -> pending.forEach(content::apply);
            case 2 -> keepBeginning(content, pending);
            case 3 -> {
                keepBeginning(content, pending);
                rubbishTail(content, file.durable.size());
            }
            default -> {
                if (resized) {
                    keepBeginning(content, pending);
                } else {
                    keepPages(content, pending);
                }
            }
        }
        return content;
    }

    /** The first writes arrived, the last of them up to a sector. */
    private void keepBeginning(Tree.Content content, List<Tree.Write> pending) {
        int whole = random.nextInt(pending.size() + 1);
        pending.subList(0, whole).forEach(content::apply);
        lostWrites += pending.size() - whole;
        if (whole < pending.size()) {
            Tree.Write torn = pending.get(whole);
            byte[] data = torn.data();
            if (data != null && data.length > 0) {
                long end = torn.offset() + random.nextInt(data.length);
                int keep = (int) Math.max(0, end / SECTOR * SECTOR - torn.offset());
                content.apply(new Tree.Write(torn.offset(), java.util.Arrays.copyOf(data, keep)));
            }
        }
    }

    /** Any of the changed pages arrived; the size did; what did not arrive is as it was, or zero. */
    private void keepPages(Tree.Content content, List<Tree.Write> pending) {
        Tree.Content all = content.copy();
        pending.forEach(all::apply);
        byte[] bytes = all.bytes();
        if (all.size() > content.size()) {
            content.resize(all.size());
        }
        for (int page = 0; page < bytes.length; page += PAGE) {
            if (random.nextBoolean()) {
                int length = Math.min(PAGE, bytes.length - page);
                content.apply(new Tree.Write(page, java.util.Arrays.copyOfRange(bytes, page, page + length)));
            }
        }
        lostWrites++;
    }

    /** The file was made longer before its bytes arrived, and what stood there before was never wiped. */
    private void rubbishTail(Tree.Content content, int durableSize) {
        byte[] rubbish = new byte[1 + random.nextInt(2 * PAGE)];
        random.nextBytes(rubbish);
        content.apply(new Tree.Write(Math.max(content.size(), durableSize), rubbish));
    }
}
