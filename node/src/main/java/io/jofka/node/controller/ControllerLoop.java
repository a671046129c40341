package io.jofka.node.controller;

import io.jofka.api.fault.Fault;
import io.jofka.node.common.Clock;
import io.jofka.node.consensus.MetadataLog;
import io.jofka.node.consensus.MetadataLog.Committed;
import io.jofka.node.metadata.ImageReplay;
import io.jofka.node.metadata.MetadataCommand;
import io.jofka.node.metadata.MetadataImage;
import io.jofka.node.metadata.MetadataMachine;
import io.jofka.node.metadata.MetadataRecord;
import io.jofka.node.metadata.RecordCodec;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;

/**
 * Owns the metadata state of this node: applies what is committed, and, while this node leads, decides commands.
 *
 * <p>One thread, one queue. All commands that wait are decided together, each on the image that the ones before it make,
 * and appended as one batch; the next batch is decided when that one is committed and applied, so a decision never rests
 * on anything uncommitted. Callers are answered after the listeners of the image have run.
 *
 * <p>The published image never goes back: when the engine starts anew inside the process and tells the history again,
 * the replay catches up unseen.
 */
final class ControllerLoop implements MetadataLog.Listener {
    /** Engine events that may wait before the engine itself has to. */
    private static final int QUEUE = 1 << 16;

    /** Bytes of one append: well below the engine's batch of 8 MiB; one command is never divided. */
    private static final int BATCH_BYTES = 1 << 20;

    private static final long TICK_MS = 500;
    private static final String ENDED = "The node is shutting down";

    private final int nodeId;
    private final int maxWaiting;
    private final MetadataLog log;
    private final MetadataMachine machine;
    private final LocalImages images;
    private final SnapshotStore snapshots;
    private final MetadataEvents events;
    private final Clock clock;
    private final Faults faults;
    private final BlockingQueue<LoopEvent> queue = new LinkedBlockingQueue<>(QUEUE);
    private final AtomicInteger waitingCount = new AtomicInteger();
    private final CompletableFuture<Integer> firstLeader = new CompletableFuture<>();
    private final Thread thread;
    private volatile boolean ended;
    /** Written by the loop's thread. */
    private volatile int leader = -1;

    private volatile int term;

    // confined to the loop's thread
    private final Deque<PendingCall<?>> waiting = new ArrayDeque<>();
    private final List<PendingCall<?>> inFlight = new ArrayList<>();
    private MetadataImage applied = MetadataImage.empty();
    private boolean appending;
    private boolean stopped;

    ControllerLoop(
            int nodeId,
            int maxWaiting,
            MetadataLog log,
            MetadataMachine machine,
            LocalImages images,
            SnapshotStore snapshots,
            MetadataEvents events,
            Clock clock,
            Faults faults) {
        this.nodeId = nodeId;
        this.maxWaiting = maxWaiting;
        this.log = log;
        this.machine = machine;
        this.images = images;
        this.snapshots = snapshots;
        this.events = events;
        this.clock = clock;
        this.faults = faults;
        this.thread = Thread.ofPlatform().name("jofka-controller").daemon().unstarted(this::run);
    }

    void start() {
        thread.start();
        log.start(this);
    }

    /** Completes with the first leader that became known, after all it had committed before is applied here. */
    CompletableFuture<Integer> firstLeader() {
        return firstLeader;
    }

    /** The active controller as far as this node knows, -1 for none. */
    int leader() {
        return leader;
    }

    int term() {
        return term;
    }

    int waitingCalls() {
        return waitingCount.get();
    }

    /** Never blocks; the reply never fails. */
    <A> CompletableFuture<Reply<A>> call(MetadataCommand<A> command, boolean validateOnly, long timeoutMs) {
        long deadline = clock.nanos() + TimeUnit.MILLISECONDS.toNanos(timeoutMs);
        PendingCall<A> call = new PendingCall<>(command, validateOnly, deadline);
        if (waitingCount.incrementAndGet() > maxWaiting || !queue.offer(new LoopEvent.Call(call))) {
            waitingCount.decrementAndGet();
            call.fail(Fault.OVERLOADED, "Too many changes of metadata wait for the controller");
            return call.reply();
        }
        if (ended) {
            call.fail(Fault.SHUTTING_DOWN, ENDED);
        }
        return call.reply();
    }

    CompletableFuture<Long> snapshot() {
        CompletableFuture<Long> done = new CompletableFuture<>();
        put(new LoopEvent.TakeSnapshot(done));
        if (ended) {
            done.completeExceptionally(new IllegalStateException(ENDED));
        }
        return done;
    }

    /** Lets the loop end after what it is doing; callers that wait are told. */
    void stop() throws InterruptedException {
        put(new LoopEvent.Stop());
        thread.join(TimeUnit.SECONDS.toMillis(10));
    }

    @Override
    public void loaded(long index, int atTerm, java.util.Iterator<byte[]> records) {
        put(new LoopEvent.Loaded(snapshots.load(index, atTerm, records)));
    }

    @Override
    public void committed(int atTerm, List<Committed> records) {
        put(new LoopEvent.Commit(atTerm, records));
    }

    @Override
    public void leader(int node, int atTerm) {
        put(new LoopEvent.Leader(node, atTerm));
    }

    @Override
    public void failed(Throwable fault) {
        fail("The metadata log has failed", fault);
    }

    private void fail(String what, Throwable cause) {
        faults.fatal(what, cause);
        firstLeader.completeExceptionally(cause);
    }

    private void put(LoopEvent event) {
        try {
            queue.put(event);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    private void run() {
        List<LoopEvent> drained = new ArrayList<>();
        try {
            while (!stopped) {
                LoopEvent first = queue.poll(TICK_MS, TimeUnit.MILLISECONDS);
                if (first != null) {
                    drained.add(first);
                    queue.drainTo(drained);
                    drained.forEach(this::handle);
                    drained.clear();
                }
                expire();
                decideWaiting();
                snapshots.takeIfDue(images.image());
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        } catch (RuntimeException | Error e) {
            fail("The controller's loop has failed", e);
        } finally {
            ended = true;
            failAll();
        }
    }

    private void handle(LoopEvent event) {
        switch (event) {
            case LoopEvent.Call(PendingCall<?> call) -> waiting.add(call);
            case LoopEvent.Loaded(MetadataImage image) -> {
                applied = image;
                publish();
            }
            case LoopEvent.Commit commit -> apply(commit);
            case LoopEvent.Leader change -> changeLeader(change);
            case LoopEvent.Appended appended -> answer(appended);
            case LoopEvent.TakeSnapshot(CompletableFuture<Long> done) -> snapshots.take(images.image(), done);
            case LoopEvent.Stop _ -> stopped = true;
        }
    }

    private void apply(LoopEvent.Commit commit) {
        ImageReplay replay = new ImageReplay(applied);
        List<MetadataRecord> records = new ArrayList<>(commit.records().size());
        long bytes = 0;
        for (Committed committed : commit.records()) {
            if (committed.index() > applied.index()) {
                MetadataRecord record = RecordCodec.record(committed.bytes());
                replay.replay(record, committed.index(), commit.term());
                records.add(record);
                bytes += committed.bytes().length;
            }
        }
        MetadataImage before = applied;
        applied = replay.image();
        snapshots.applied(bytes);
        if (publish() && firstLeader.isDone()) {
            events.committed(records, before, applied);
        }
    }

    private boolean publish() {
        if (applied.index() <= images.image().index()) {
            return false;
        }
        images.publish(applied);
        return true;
    }

    private void changeLeader(LoopEvent.Leader change) {
        leader = change.node();
        term = change.term();
        events.leader(leader, term);
        if (leader >= 0 && leader != nodeId) {
            List<PendingCall<?>> refused = List.copyOf(waiting);
            waiting.clear();
            refuse(refused, "Node " + leader + " is the controller");
        }
        if (leader == nodeId && applied.clusterId().isEmpty()) {
            nameCluster();
        } else if (leader >= 0) {
            firstLeader.complete(leader);
        }
    }

    /** The first thing that the first leader of a cluster does. */
    private void nameCluster() {
        var _ = call(new MetadataCommand.NameCluster(log.clusterId()), false, TICK_MS * 20)
                .thenAccept(reply -> {
                    if (reply instanceof Reply.Done<?>) {
                        firstLeader.complete(nodeId);
                    }
                });
    }

    private void decideWaiting() {
        if (appending || leader != nodeId || waiting.isEmpty()) {
            return;
        }
        MetadataImage image = applied;
        List<byte[]> batch = new ArrayList<>();
        long bytes = 0;
        while (!waiting.isEmpty() && bytes < BATCH_BYTES) {
            PendingCall<?> call = waiting.remove();
            waitingCount.decrementAndGet();
            List<MetadataRecord> records = call.decide(machine, image);
            if (records.isEmpty() && batch.isEmpty()) {
                call.done(image.index());
                continue;
            }
            if (!records.isEmpty()) {
                ImageReplay replay = new ImageReplay(image);
                long index = image.index();
                for (MetadataRecord record : records) {
                    replay.replay(record, ++index, term);
                    byte[] encoded = RecordCodec.bytes(record);
                    batch.add(encoded);
                    bytes += encoded.length;
                }
                image = replay.image();
            }
            // without records of its own it may still rest on those of an earlier call of this batch
            inFlight.add(call);
        }
        if (!batch.isEmpty()) {
            append(batch);
        }
    }

    private void append(List<byte[]> batch) {
        appending = true;
        var _ = log.append(term, batch)
                .whenComplete((index, failure) -> put(new LoopEvent.Appended(failure == null ? index : -1, failure)));
    }

    private void answer(LoopEvent.Appended appended) {
        appending = false;
        Throwable failure = appended.failure();
        if (failure == null) {
            if (applied.index() < appended.index()) {
                throw new IllegalStateException("answered " + appended.index() + " before it was applied");
            }
            inFlight.forEach(call -> call.done(appended.index()));
        } else {
            Fault fault = fault(failure);
            String detail = String.valueOf(failure.getMessage());
            inFlight.forEach(call -> call.fail(fault, detail));
        }
        inFlight.clear();
    }

    private static Fault fault(Throwable failure) {
        Throwable cause = failure.getCause() == null ? failure : failure.getCause();
        return switch (cause) {
            case MetadataLog.NotLeader _ -> Fault.NOT_CONTROLLER;
            case MetadataLog.TooLarge _ -> Fault.POLICY_VIOLATION;
            default -> Fault.OUTCOME_UNKNOWN;
        };
    }

    private void expire() {
        long now = clock.nanos();
        List<PendingCall<?>> late =
                waiting.stream().filter(call -> call.deadlineNanos - now <= 0).toList();
        waiting.removeAll(late);
        refuse(late, "No controller took the change in time; nothing was changed");
        for (PendingCall<?> call : inFlight) {
            if (!call.isDone() && call.deadlineNanos - now <= 0) {
                call.fail(Fault.OUTCOME_UNKNOWN, "The change is not committed yet; it may still be");
            }
        }
    }

    /** Counts first, answers then: who has its answer finds its place free. */
    private void refuse(List<PendingCall<?>> calls, String detail) {
        waitingCount.addAndGet(-calls.size());
        calls.forEach(call -> call.fail(Fault.NOT_CONTROLLER, detail));
    }

    private void failAll() {
        inFlight.forEach(call -> call.fail(Fault.OUTCOME_UNKNOWN, ENDED));
        waiting.forEach(call -> call.fail(Fault.SHUTTING_DOWN, ENDED));
        waiting.clear();
        LoopEvent left = queue.poll();
        while (left != null) {
            if (left instanceof LoopEvent.Call(PendingCall<?> call)) {
                call.fail(Fault.SHUTTING_DOWN, ENDED);
            } else if (left instanceof LoopEvent.TakeSnapshot(CompletableFuture<Long> done)) {
                done.completeExceptionally(new IllegalStateException(ENDED));
            }
            left = queue.poll();
        }
    }
}
