package io.jofka.node.broker;

import static org.hamcrest.MatcherAssert.assertThat;
import static org.hamcrest.Matchers.contains;
import static org.hamcrest.Matchers.equalTo;
import static org.hamcrest.Matchers.is;
import static org.hamcrest.Matchers.lessThanOrEqualTo;

import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.Executor;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicReference;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

class FlatCombinerTest {
    private static final Executor NEVER = task -> {
        throw new AssertionError("nothing was to be handed over");
    };

    private static final class Item extends FlatCombiner.Node<Item> {
        final int thread;
        final int number;

        Item(int thread, int number) {
            this.thread = thread;
            this.number = number;
        }

        @Override
        long sizeBytes() {
            return 10;
        }
    }

    private static List<Integer> numbers(Item run) {
        List<Integer> numbers = new ArrayList<>();
        for (@Nullable Item item = run; item != null; item = item.next()) {
            numbers.add(item.number);
        }
        return numbers;
    }

    @Test
    void submitterDoesTheWorkItself() {
        List<Thread> threads = new ArrayList<>();
        FlatCombiner<Item> combiner = new FlatCombiner<>(
                new FlatCombiner.Limits(10, 1_000, 10, NEVER), run -> threads.add(Thread.currentThread()));
        assertThat(combiner.submit(new Item(0, 1)), is(true));
        assertThat(threads, contains(Thread.currentThread()));
    }

    @Test
    void allThatWaitsIsOneRunInOrder() {
        List<List<Integer>> runs = new ArrayList<>();
        FlatCombiner<Item> combiner =
                new FlatCombiner<>(new FlatCombiner.Limits(10, 1_000, 10, NEVER), run -> runs.add(numbers(run)));
        combiner.push(new Item(0, 1), false);
        combiner.push(new Item(0, 2), false);
        combiner.submit(new Item(0, 3));
        assertThat(runs, contains(List.of(1, 2, 3)));
    }

    @Test
    void whatTheWorkerSubmitsIsTheNextRun() {
        List<List<Integer>> runs = new ArrayList<>();
        AtomicReference<FlatCombiner<Item>> self = new AtomicReference<>();
        self.set(new FlatCombiner<>(new FlatCombiner.Limits(10, 1_000, 10, NEVER), run -> {
            runs.add(numbers(run));
            if (runs.size() == 1) {
                Objects.requireNonNull(self.get()).submit(new Item(0, 2));
            }
        }));
        Objects.requireNonNull(self.get()).submit(new Item(0, 1));
        assertThat(runs, contains(List.of(1), List.of(2)));
    }

    @Test
    void limitsOfCommandsAndBytesRefuseButOneIsAlwaysTaken() {
        FlatCombiner<Item> two = new FlatCombiner<>(new FlatCombiner.Limits(2, 1_000, 1, NEVER), run -> {});
        assertThat(two.push(new Item(0, 1), false), is(true));
        assertThat(two.push(new Item(0, 2), false), is(true));
        assertThat(two.push(new Item(0, 3), false), is(false));
        assertThat("the system's own always go in", two.push(new Item(0, 4), true), is(true));
        FlatCombiner<Item> small = new FlatCombiner<>(new FlatCombiner.Limits(9, 5, 1, NEVER), run -> {});
        assertThat(small.push(new Item(0, 1), false), is(true));
        assertThat(small.push(new Item(0, 2), false), is(false));
    }

    @Test
    void afterItsRoundsADrainerHandsOver() {
        List<Runnable> handed = new ArrayList<>();
        AtomicInteger left = new AtomicInteger(5);
        AtomicReference<FlatCombiner<Item>> self = new AtomicReference<>();
        self.set(new FlatCombiner<>(new FlatCombiner.Limits(10, 1_000, 2, handed::add), run -> {
            if (left.decrementAndGet() > 0) {
                Objects.requireNonNull(self.get()).submit(new Item(0, 0));
            }
        }));
        Objects.requireNonNull(self.get()).submit(new Item(0, 0));
        assertThat(left.get(), is(3));
        assertThat(handed.size(), is(1));
        handed.getFirst().run();
        assertThat(left.get(), is(1));
    }

    @Test
    void manyThreadsLoseNothingKeepTheirOrderAndNeverWorkTogether() throws Exception {
        int threads = 8;
        int each = 20_000;
        int[] last = new int[threads];
        AtomicInteger inside = new AtomicInteger();
        AtomicInteger most = new AtomicInteger();
        AtomicInteger disorder = new AtomicInteger();
        int[] done = new int[1];
        CountDownLatch ended = new CountDownLatch(threads);
        FlatCombiner<Item> combiner = new FlatCombiner<>(
                new FlatCombiner.Limits(1_000_000, 1_000_000_000, 4, task -> Thread.startVirtualThread(task)), run -> {
                    most.accumulateAndGet(inside.incrementAndGet(), Math::max);
                    for (@Nullable Item item = run; item != null; item = item.next()) {
                        if (item.number != last[item.thread] + 1) {
                            disorder.incrementAndGet();
                        }
                        last[item.thread] = item.number;
                        done[0]++;
                    }
                    inside.decrementAndGet();
                });
        for (int t = 0; t < threads; t++) {
            int thread = t;
            Thread.ofVirtual().start(() -> {
                for (int i = 1; i <= each; i++) {
                    combiner.submit(new Item(thread, i));
                }
                ended.countDown();
            });
        }
        assertThat(ended.await(30, TimeUnit.SECONDS), is(true));
        CountDownLatch drained = new CountDownLatch(1);
        Thread.startVirtualThread(() -> {
            while (done(done, combiner) < threads * each) {
                Thread.onSpinWait();
            }
            drained.countDown();
        });
        assertThat(drained.await(30, TimeUnit.SECONDS), is(true));
        assertThat(disorder.get(), equalTo(0));
        assertThat(most.get(), lessThanOrEqualTo(1));
    }

    /** Reads what the last owner wrote: whoever works (even on nothing) sees it. */
    private static int done(int[] count, FlatCombiner<Item> combiner) {
        combiner.work();
        synchronized (combiner) {
            return count[0];
        }
    }
}
