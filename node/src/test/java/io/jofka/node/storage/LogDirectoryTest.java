package io.jofka.node.storage;

import static io.jofka.node.storage.LogKit.SMALL;
import static io.jofka.node.storage.LogKit.append;
import static org.hamcrest.MatcherAssert.assertThat;
import static org.hamcrest.Matchers.allOf;
import static org.hamcrest.Matchers.containsString;
import static org.hamcrest.Matchers.equalTo;
import static org.hamcrest.Matchers.is;
import static org.hamcrest.Matchers.lessThan;

import io.jofka.node.common.Disk;
import io.jofka.node.common.DiskFile;
import io.jofka.node.sim.SimulatedClock;
import io.jofka.node.sim.SimulatedDisk;
import io.jofka.node.sim.SimulatedSeed;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import java.io.IOException;
import java.lang.reflect.Proxy;
import java.nio.ByteBuffer;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import org.hamcrest.Matcher;
import org.junit.jupiter.api.Test;

class LogDirectoryTest {
    private static final Path META = LogKit.ROOT.resolve("meta");
    private final LogKit kit = new LogKit();

    private static LogDirectory open(Disk disk, String clusterId, StorageConfig config) {
        return LogDirectory.open(
                LogKit.ROOT,
                clusterId,
                disk,
                new SimulatedClock(),
                new SimulatedSeed(1),
                (type, sentence, details) -> {},
                new SimpleMeterRegistry(),
                config);
    }

    private void assertRefused(String clusterId, Matcher<String> sentence) {
        try {
            open(kit.disk, clusterId, kit.config).close();
        } catch (StorageFailure failure) {
            assertThat(failure.scope(), is(StorageFailure.Scope.DIRECTORY));
            assertThat(failure.getMessage(), sentence);
            return;
        }
        throw new AssertionError("the directory was taken");
    }

    @Test
    void directoryInUseIsRefusedAndFreeAfterClose() {
        LogDirectory first = kit.open();
        assertRefused("cluster", containsString("lock is locked by another process"));
        Log log = LogKit.log(first, SMALL);
        append(log, 0, 1, "still works");
        first.close();
        kit.open().close();
    }

    @Test
    void directoryOfAnotherClusterIsRefusedUnchanged() {
        try (LogDirectory ours = kit.open()) {
            append(LogKit.log(ours, SMALL), 0, 1, "ours");
        }
        List<String> before = kit.disk.list(LogKit.ROOT);
        assertRefused("other", allOf(containsString("belongs to cluster cluster"), containsString("not to other")));
        assertThat(kit.disk.list(LogKit.ROOT), equalTo(before));
        try (LogDirectory ours = kit.open()) {
            assertThat("the mark of the clean stop is still there", ours.wasClean(), is(true));
            assertThat(LogKit.values(LogKit.log(ours, SMALL)), equalTo(List.of("ours")));
        }
    }

    @Test
    void directoryOfANewerFormatIsRefused() throws IOException {
        kit.open().close();
        writeMeta(2);
        assertRefused("cluster", allOf(containsString("has format 2"), containsString("knows formats up to 1")));
    }

    private void writeMeta(int format) throws IOException {
        byte[] cluster = {'c', 'l', 'u', 's', 't', 'e', 'r'};
        ByteBuffer content = ByteBuffer.allocate(4 + 16 + 4 + cluster.length);
        content.putInt(format).putLong(1).putLong(2).putInt(cluster.length).put(cluster);
        Checked.replace(kit.disk, META, 0x4a464d45, 1, content.flip());
    }

    @Test
    void directoryWithADamagedMetaFileIsRefused() {
        kit.open().close();
        kit.disk.flipBit(META, 20, 3);
        assertRefused("cluster", containsString("meta is damaged"));
    }

    @Test
    void logsWithoutAMetaFileAreNotTaken() throws IOException {
        try (LogDirectory ours = kit.open()) {
            append(LogKit.log(ours, SMALL), 0, 1, "whose");
        }
        kit.disk.deleteIfExists(META);
        assertRefused("cluster", containsString("holds logs but no file 'meta'"));
    }

    /** A disk whose segment files are forced only when the test says so; counts those forces. */
    private static final class SlowDisk {
        final SimulatedDisk disk = new SimulatedDisk();
        final CountDownLatch firstRuns = new CountDownLatch(1);
        final CountDownLatch mayEnd = new CountDownLatch(1);
        final AtomicInteger forces = new AtomicInteger();

        Disk port() {
            return (Disk) Proxy.newProxyInstance(
                    Disk.class.getClassLoader(), new Class<?>[] {Disk.class}, (self, method, arguments) -> {
                        Object result = call(disk, method, arguments);
                        return result instanceof DiskFile file
                                        && arguments[0].toString().endsWith(LogPaths.LOG)
                                ? slow(file)
                                : result;
                    });
        }

        private DiskFile slow(DiskFile file) {
            return (DiskFile) Proxy.newProxyInstance(
                    DiskFile.class.getClassLoader(), new Class<?>[] {DiskFile.class}, (self, method, arguments) -> {
                        if (method.getName().equals("force")) {
                            forces.incrementAndGet();
                            firstRuns.countDown();
                            assertThat("let go in time", mayEnd.await(20, TimeUnit.SECONDS));
                        }
                        return call(file, method, arguments);
                    });
        }

        private static Object call(Object target, java.lang.reflect.Method method, Object[] arguments)
                throws Throwable {
            try {
                return method.invoke(target, arguments);
            } catch (java.lang.reflect.InvocationTargetException failure) {
                throw failure.getCause();
            }
        }
    }

    private static LogConfig oneSegment() {
        return new LogConfig(
                1 << 20, 3_600_000, 256, -1, -1, true, false, 86_400_000, 0, Long.MAX_VALUE, 0.5, 86_400_000);
    }

    @Test
    void allThatWaitWhileAForceRunsShareTheNextOne() throws InterruptedException {
        SlowDisk slow = new SlowDisk();
        StorageConfig d = StorageConfig.simulated();
        StorageConfig config = new StorageConfig(
                d.maxOpenFiles(),
                d.indexCacheBytes(),
                2,
                d.checkpointMs(),
                d.flushMs(),
                d.inlineSnapshotBytes(),
                d.compactionMapBytes(),
                d.maxInflatedBytes());
        try (LogDirectory directory = open(slow.port(), "cluster", config)) {
            Log log = LogKit.log(directory, oneSegment());
            append(log, 0, 1, "first");
            CompletableFuture<Long> first = directory.forceSoon(log);
            assertThat(slow.firstRuns.await(20, TimeUnit.SECONDS), is(true));
            List<CompletableFuture<Long>> waiters = new ArrayList<>();
            for (int i = 0; i < 200; i++) {
                append(log, 0, 1, "v" + i);
                waiters.add(directory.forceSoon(log));
            }
            assertThat("nobody is told before", waiters.stream().anyMatch(CompletableFuture::isDone), is(false));
            slow.mayEnd.countDown();
            assertThat(first.orTimeout(20, TimeUnit.SECONDS).join(), lessThan(201L));
            for (CompletableFuture<Long> waiter : waiters) {
                assertThat(waiter.orTimeout(20, TimeUnit.SECONDS).join(), is(201L));
            }
            assertThat("one for the first, one for all others", slow.forces.get(), is(2));
        }
    }
}
