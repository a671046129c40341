package io.jofka.node.live;

import com.google.errorprone.annotations.concurrent.GuardedBy;
import io.jofka.node.common.Clock;
import io.jofka.node.common.Events;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.Condition;
import java.util.concurrent.locks.ReentrantLock;

/**
 * Keeps the last events of this node, bounded in number and in bytes; the oldest go first. Ids rise by one from 1 after
 * each start. Thread-safe: publishing copies, appends under a short lock and never waits for a reader.
 */
public final class EventRing implements Events {
    private final Clock clock;
    private final LiveConfig config;

    private final ReentrantLock lock = new ReentrantLock();
    private final Condition arrived = lock.newCondition();

    @GuardedBy("lock")
    private final ArrayDeque<Event> events = new ArrayDeque<>();

    @GuardedBy("lock")
    private long sizeBytes;

    @GuardedBy("lock")
    private long lastId;

    public EventRing(Clock clock, LiveConfig config) {
        this.clock = clock;
        this.config = config;
    }

    @Override
    public void publish(String type, String sentence, Map<String, Object> details) {
        String shortType = Event.cut(type);
        String shortSentence = Event.cut(sentence);
        Map<String, Object> shortDetails = Event.cut(details);
        lock.lock();
        try {
            Event event = new Event(++lastId, clock.wallMs(), shortType, shortSentence, shortDetails);
            events.addLast(event);
            sizeBytes += event.sizeBytes();
            while (events.size() > config.maxEvents() || (sizeBytes > config.maxEventBytes() && events.size() > 1)) {
                sizeBytes -= events.removeFirst().sizeBytes();
            }
            arrived.signalAll();
        } finally {
            lock.unlock();
        }
    }

    /** Id of the newest event; 0 before the first. */
    long lastId() {
        lock.lock();
        try {
            return lastId;
        } finally {
            lock.unlock();
        }
    }

    /** Events after an id whose type starts so, at most {@code limit}. */
    Chunk read(long after, int limit, String typePrefix) {
        lock.lock();
        try {
            return chunk(after, limit, typePrefix);
        } finally {
            lock.unlock();
        }
    }

    /** As {@link #read}, but waits until there is an event after the id, of whatever type, or the time is over. */
    Chunk await(long after, int limit, String typePrefix, long timeoutMs) throws InterruptedException {
        lock.lockInterruptibly();
        try {
            long remaining = TimeUnit.MILLISECONDS.toNanos(timeoutMs);
            while (lastId <= after && remaining > 0) {
                remaining = arrived.awaitNanos(remaining);
            }
            return chunk(after, limit, typePrefix);
        } finally {
            lock.unlock();
        }
    }

    @GuardedBy("lock")
    private Chunk chunk(long after, int limit, String typePrefix) {
        // an id from before a restart of the node is beyond ours: all that is kept is new to that reader
        long from = after > lastId ? 0 : after;
        long oldest = events.isEmpty() ? lastId + 1 : events.getFirst().id();
        long missed = Math.max(0, oldest - from - 1);
        long seen = Math.max(from, oldest - 1);
        List<Event> found = new ArrayList<>();
        for (Event event : events) {
            if (event.id() <= seen) {
                continue;
            }
            if (found.size() == limit) {
                break;
            }
            seen = event.id();
            if (event.type().startsWith(typePrefix)) {
                found.add(event);
            }
        }
        return new Chunk(found, seen, missed);
    }

    /**
     * @param lastId where to read on
     * @param missed events between the asked id and the oldest kept, which are gone
     */
    record Chunk(List<Event> events, long lastId, long missed) {}
}
