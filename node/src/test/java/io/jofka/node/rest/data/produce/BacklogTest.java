package io.jofka.node.rest.data.produce;

import static org.hamcrest.MatcherAssert.assertThat;
import static org.hamcrest.Matchers.instanceOf;
import static org.hamcrest.Matchers.is;

import io.jofka.api.fault.Fault;
import io.jofka.node.common.SystemClock;
import io.jofka.node.rest.data.exchange.Gate;
import io.jofka.node.rest.data.exchange.StallGuard;
import io.jofka.node.rest.data.json.JsonOut;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InterruptedIOException;
import java.io.OutputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.concurrent.CountDownLatch;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

@Timeout(30)
class BacklogTest {
    private final Gate memory = new Gate(1_000, Fault.OVERLOADED, "full");
    private final Reader reader = new Reader();
    private final StallGuard stalls = new StallGuard(new SystemClock(), Duration.ofMillis(50));

    /** Takes nothing until it is told to. */
    private static final class Reader extends OutputStream {
        final CountDownLatch reading = new CountDownLatch(1);
        final ByteArrayOutputStream taken = new ByteArrayOutputStream();

        @Override
        public void write(int b) throws IOException {
            write(new byte[] {(byte) b}, 0, 1);
        }

        @Override
        public void write(byte[] bytes, int from, int size) throws IOException {
            try {
                reading.await();
            } catch (InterruptedException cut) {
                throw new InterruptedIOException("cut");
            }
            taken.write(bytes, from, size);
        }
    }

    @BeforeEach
    void watch() {
        stalls.start();
    }

    @AfterEach
    void stop() {
        stalls.close();
    }

    private static JsonOut text(String text) {
        return new JsonOut(64).ascii(text);
    }

    private static @Nullable RuntimeException failure(Runnable call) {
        try {
            call.run();
            return null;
        } catch (RuntimeException e) {
            return e;
        }
    }

    @Test
    void answersWaitForAReaderThatSendsFirst() {
        try (Backlog backlog = Backlog.open(reader, stalls, memory, 500)) {
            backlog.put(text("one "));
            backlog.put(text("two "));
            backlog.put(text("three"));
            reader.reading.countDown();
            backlog.finish();
        }
        assertThat(reader.taken.toString(StandardCharsets.US_ASCII), is("one two three"));
        assertThat(memory.taken(), is(0L));
    }

    @Test
    void aReaderThatTakesNothingIsCutOnceTheLimitIsMet() {
        Backlog backlog = Backlog.open(reader, stalls, memory, 10);
        backlog.put(text("12345678"));
        assertThat(failure(() -> backlog.put(text("90123"))), instanceOf(UncheckedIOException.class));
        assertThat("the producing thread was woken", Thread.interrupted(), is(true));
        backlog.close();
        assertThat(memory.taken(), is(0L));
    }

    @Test
    void aReaderThatTakesNothingIsCutAfterTheEnd() {
        Backlog backlog = Backlog.open(reader, stalls, memory, 500);
        backlog.put(text("never read"));
        assertThat(failure(backlog::finish), instanceOf(UncheckedIOException.class));
        assertThat("the producing thread was woken", Thread.interrupted(), is(true));
        backlog.close();
        assertThat(memory.taken(), is(0L));
    }

    @Test
    void theMemoryOfAllStreamsIsALimitToo() {
        memory.force(990);
        try (Backlog backlog = Backlog.open(reader, stalls, memory, 500)) {
            backlog.put(text("12345678"));
            assertThat(failure(() -> backlog.put(text("90123"))), instanceOf(UncheckedIOException.class));
            assertThat("the producing thread was woken", Thread.interrupted(), is(true));
        }
        assertThat(memory.taken(), is(990L));
    }

    @Test
    void whatIsNotFinishedIsThrownAway() {
        try (Backlog backlog = Backlog.open(reader, stalls, memory, 500)) {
            backlog.put(text("never sent"));
        }
        assertThat(memory.taken(), is(0L));
        assertThat(reader.taken.size(), is(0));
    }
}
