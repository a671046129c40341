package io.jofka.node.storage;

import static org.hamcrest.MatcherAssert.assertThat;
import static org.hamcrest.Matchers.contains;
import static org.hamcrest.Matchers.containsString;
import static org.hamcrest.Matchers.empty;
import static org.hamcrest.Matchers.equalTo;
import static org.hamcrest.Matchers.greaterThan;
import static org.hamcrest.Matchers.instanceOf;
import static org.hamcrest.Matchers.is;

import io.jofka.node.common.DiskFile;
import io.jofka.node.common.DiskFullException;
import io.jofka.node.common.SystemClock;
import io.jofka.node.sim.SimulatedSeed;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import java.io.ByteArrayOutputStream;
import java.io.Closeable;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.Channels;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** On the file system of this machine. */
class NioDiskTest {
    private final NioDisk disk = new NioDisk();

    @TempDir
    private Path folder;

    private static ByteBuffer bytes(String text) {
        return ByteBuffer.wrap(text.getBytes(StandardCharsets.UTF_8));
    }

    private static String read(DiskFile file, long position, int count) throws IOException {
        ByteBuffer target = ByteBuffer.allocate(count);
        int found = file.read(target, position);
        assertThat(target.position(), is(found));
        return StandardCharsets.UTF_8.decode(target.flip()).toString();
    }

    @Test
    void buffersAreWrittenOneAfterTheOtherAtAPositionAndReadBack() throws IOException {
        Path path = folder.resolve("f");
        try (DiskFile file = disk.open(path, true)) {
            file.write(new ByteBuffer[] {bytes("one")}, 0);
            file.write(new ByteBuffer[] {bytes("two"), bytes(""), bytes("three")}, 3);
            file.force();
            assertThat(file.sizeBytes(), is(11L));
            assertThat(read(file, 1, 5), is("netwo"));
            assertThat("less at the end", read(file, 8, 100), is("ree"));
            assertThat("nothing behind it", read(file, 11, 10), is(""));
            file.truncate(4);
            assertThat(read(file, 0, 100), is("onet"));
        }
        assertThat(Files.readString(path), is("onet"));
    }

    @Test
    void partsOfAFileGoToAChannel() throws IOException {
        try (DiskFile file = disk.open(folder.resolve("f"), true)) {
            file.write(new ByteBuffer[] {bytes("0123456789")}, 0);
            ByteArrayOutputStream sent = new ByteArrayOutputStream();
            long count = file.transferTo(2, 5, Channels.newChannel(sent));
            assertThat(sent.toString(StandardCharsets.UTF_8), is("23456".substring(0, (int) count)));
            assertThat(count, greaterThan(0L));
        }
    }

    @Test
    void interruptedThreadGoesOnAndOtherUsersOfTheFileDoNotNoticeIt() throws IOException {
        try (DiskFile file = disk.open(folder.resolve("f"), true)) {
            file.write(new ByteBuffer[] {bytes("before ")}, 0);
            Thread.currentThread().interrupt();
            file.write(new ByteBuffer[] {bytes("and "), bytes("after")}, 7);
            assertThat("the flag is kept", Thread.interrupted(), is(true));
            file.force();
            assertThat(read(file, 0, 100), is("before and after"));
        }
    }

    @Test
    void absentFilesAreMadeOnlyWhenAskedFor() throws IOException {
        try (DiskFile file = disk.open(folder.resolve("f"), false)) {
            throw new AssertionError("opened " + file);
        } catch (NoSuchFileException absent) {
            assertThat(disk.exists(folder.resolve("f")), is(false));
        }
        disk.deleteIfExists(folder.resolve("f"));
        disk.deleteTree(folder.resolve("f"));
        assertThat(disk.list(folder.resolve("f")), empty());
    }

    @Test
    void renameReplacesAndTreesAreRemovedWhole() throws IOException {
        disk.createDirectories(folder.resolve("a/b"));
        for (String name : List.of("a/b/old", "a/b/new")) {
            try (DiskFile file = disk.open(folder.resolve(name), true)) {
                file.write(new ByteBuffer[] {bytes(name)}, 0);
            }
        }
        disk.rename(folder.resolve("a/b/new"), folder.resolve("a/b/old"));
        disk.forceDirectory(folder.resolve("a/b"));
        assertThat(disk.list(folder.resolve("a/b")), contains("old"));
        assertThat(Files.readString(folder.resolve("a/b/old")), is("a/b/new"));
        disk.deleteTree(folder.resolve("a"));
        assertThat(disk.list(folder), empty());
    }

    @Test
    void lockIsHeldUntilItIsClosed() throws IOException {
        Path path = folder.resolve("lock");
        Closeable lock = disk.lock(path);
        try (Closeable second = disk.lock(path)) {
            throw new AssertionError("taken twice: " + second);
        } catch (IOException held) {
            assertThat(held.getMessage(), containsString("is locked by this process"));
        }
        lock.close();
        disk.lock(path).close();
    }

    @Test
    void spaceIsReported() throws IOException {
        assertThat(disk.usableBytes(folder), greaterThan(0L));
        assertThat(disk.totalBytes(folder), greaterThan(disk.usableBytes(folder) / 2));
    }

    @Test
    void onlyTheSystemsWordsForAFullDiskMeanFull() {
        assertThat(NioDisk.translated(new IOException("No space left on device")), instanceOf(DiskFullException.class));
        assertThat(NioDisk.translated(new IOException("Disk quota exceeded")), instanceOf(DiskFullException.class));
        IOException other = new IOException("Input/output error");
        assertThat(NioDisk.translated(other), is(other));
        IOException silent = new IOException();
        assertThat(NioDisk.translated(silent), is(silent));
    }

    @Test
    void logOnRealFilesIsFoundAgainAfterACleanStop() {
        List<String> written = new ArrayList<>();
        try (LogDirectory directory = open()) {
            Log log = LogKit.log(directory, LogKit.SMALL);
            for (int i = 0; i < 300; i++) {
                LogKit.append(log, 0, i, "v" + i);
                written.add("v" + i);
            }
            CompletableFuture<Long> forced = directory.forceSoon(log);
            assertThat(forced.join(), is(300L));
        }
        try (LogDirectory directory = open()) {
            assertThat(directory.wasClean(), is(true));
            assertThat(LogKit.values(LogKit.log(directory, LogKit.SMALL)), equalTo(written));
        }
    }

    private LogDirectory open() {
        return LogDirectory.open(
                folder.resolve("log"),
                "cluster",
                disk,
                new SystemClock(),
                new SimulatedSeed(1),
                (type, sentence, details) -> {},
                new SimpleMeterRegistry(),
                StorageConfig.defaults());
    }
}
