package io.jofka.node.peer;

import com.google.protobuf.UnsafeByteOperations;
import io.grpc.stub.StreamObserver;
import io.jofka.node.peer.proto.Answer;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.ScheduledFuture;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import org.jspecify.annotations.Nullable;

/**
 * One call that is being served: it is answered once, by its handler or by the clock, and gives back its room when the
 * handler is through with it, since until then it costs what it costs. Thread-safe.
 */
final class Serving {
    private static final System.Logger LOGGER = System.getLogger(Serving.class.getName());

    /** A handler that has not ended by then never will. */
    static final int MAX_TIMEOUT_MS = 120_000;

    private final StreamObserver<Answer> observer;
    private final int maxBytes;
    private final Runnable leave;
    private final AtomicBoolean answered = new AtomicBoolean();
    private final AtomicBoolean left = new AtomicBoolean();
    private volatile @Nullable Clocks clocks;

    private record Clocks(ScheduledFuture<?> over, ScheduledFuture<?> lost) {
        void cancel() {
            over.cancel(false);
            lost.cancel(false);
        }
    }

    /** @param leave gives back the room of the call; called once */
    Serving(StreamObserver<Answer> observer, int maxBytes, Runnable leave) {
        this.observer = observer;
        this.maxBytes = maxBytes;
        this.leave = leave;
    }

    /** Starts the clock; what it answers is no refusal, since the handler may have done its work. */
    void limit(ScheduledExecutorService timers, int timeoutMs) {
        ScheduledFuture<?> over = timers.schedule(
                () -> answer(Answer.newBuilder().setUnknown("the time of the call was over")),
                timeoutMs,
                TimeUnit.MILLISECONDS);
        ScheduledFuture<?> lost = timers.schedule(this::leave, MAX_TIMEOUT_MS, TimeUnit.MILLISECONDS);
        Clocks running = new Clocks(over, lost);
        clocks = running;
        if (left.get()) {
            running.cancel();
        }
    }

    void succeed(byte[] bytes) {
        leave();
        if (bytes.length > maxBytes) {
            // the asking side would reset the stream, and the work is done
            answer(Answer.newBuilder().setUnknown("the answer has " + bytes.length + " bytes, more than " + maxBytes));
        } else {
            answer(Answer.newBuilder().setBody(UnsafeByteOperations.unsafeWrap(bytes)));
        }
    }

    void reject(String why) {
        leave();
        answer(Answer.newBuilder().setRejected(why));
    }

    private void leave() {
        if (left.compareAndSet(false, true)) {
            leave.run();
            Clocks running = clocks;
            if (running != null) {
                running.cancel();
            }
        }
    }

    private void answer(Answer.Builder answer) {
        if (answered.compareAndSet(false, true)) {
            send(observer, answer);
        }
    }

    static void send(StreamObserver<Answer> observer, Answer.Builder answer) {
        try {
            observer.onNext(answer.build());
            observer.onCompleted();
        } catch (RuntimeException e) {
            // the caller is gone, or its time was over
            LOGGER.log(System.Logger.Level.DEBUG, "an answer was not taken", e);
        }
    }
}
