package io.jofka.node.broker.idempotency;

import java.util.HashSet;
import java.util.Iterator;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Set;

/**
 * The keys of one shard: decides what a request with a key is, and replays what the topic holds. Pure: no clock, no
 * thread, no I/O.
 *
 * <p>A key is <i>absent</i>, <i>started</i> or <i>done</i> by the topic's records, and besides that may be <i>in
 * work</i> in this process. A start is recorded durably before the first append of the request: after a crash the same
 * producer id and sequences are used again, and the log recognises what it has.
 *
 * <pre>
 *            | absent          | started, in work | started, not in work | done
 * same body  | START           | RUNNING          | RESUME               | REPLAY
 * other body | START           | REUSED           | REUSED               | REUSED
 * </pre>
 *
 * <p>Several nodes may record a start of the same key, since each answers callers by itself: the first in the topic's
 * order is the one that all of them go on with, and with it the same producer id.
 *
 * <p>A key that is in work but not yet recorded is RUNNING whatever the body. Entries older than the expiry are absent.
 */
final class IdempotencyMachine {
    private final int maxKeys;
    private final long expiryMs;
    /** In the order in which they were first replayed, which is about that of their times. */
    private final Map<String, Entry> entries = new LinkedHashMap<>();

    private final Set<String> inWork = new HashSet<>();

    IdempotencyMachine(int maxKeys, long expiryMs) {
        this.maxKeys = maxKeys;
        this.expiryMs = expiryMs;
    }

    /** What a request is. */
    sealed interface Decision {
        /** New: record the start, then do it. The key is in work now. */
        record Start() implements Decision {}

        /** It was begun before and not finished: do it again as the entry says. The key is in work now. */
        record Resume(Entry entry) implements Decision {}

        record Replay(Entry entry) implements Decision {}

        record Running() implements Decision {}

        record Reused() implements Decision {}

        /** The shard remembers as many keys as it may. */
        record Full() implements Decision {}
    }

    Decision decide(String key, byte[] digest, long nowMs) {
        expire(nowMs);
        Entry entry = entries.get(key);
        if (entry != null && isExpired(entry, nowMs) && !inWork.contains(key)) {
            entries.remove(key);
            entry = null;
        }
        if (entry == null) {
            if (inWork.contains(key)) {
                return new Decision.Running();
            }
            if (entries.size() + inWork.size() >= maxKeys) {
                return new Decision.Full();
            }
            inWork.add(key);
            return new Decision.Start();
        }
        if (!entry.isOf(digest)) {
            return new Decision.Reused();
        }
        if (entry.done()) {
            return new Decision.Replay(entry);
        }
        return inWork.add(key) ? new Decision.Resume(entry) : new Decision.Running();
    }

    /** A record of the topic, in its order; one that was replayed before changes nothing. */
    void replay(String key, Entry entry) {
        Entry known = entries.get(key);
        if (known == null || isExpired(known, entry.timeMs())) {
            entries.remove(key);
            entries.put(key, entry);
        } else if (known.producerId() == entry.producerId() && !known.done()) {
            entries.put(key, entry);
        }
    }

    /**
     * What a request is whose start with this producer id is in the topic, and that is replayed up to there. The key is
     * in work before, and after unless it is to be replayed or refused.
     */
    Decision confirm(String key, byte[] digest, long producerId) {
        Entry first = entries.get(key);
        if (first == null || first.producerId() == producerId) {
            return new Decision.Start();
        }
        if (!first.isOf(digest)) {
            inWork.remove(key);
            return new Decision.Reused();
        }
        if (first.done()) {
            inWork.remove(key);
            return new Decision.Replay(first);
        }
        return new Decision.Resume(first);
    }

    /** The key is not in work any more, whatever became of it. */
    void release(String key) {
        inWork.remove(key);
    }

    /** What this process works on stays in work when the topic is read anew. */
    void takeWork(IdempotencyMachine before) {
        inWork.addAll(before.inWork);
    }

    int size() {
        return entries.size();
    }

    private void expire(long nowMs) {
        Iterator<Map.Entry<String, Entry>> oldest = entries.entrySet().iterator();
        while (oldest.hasNext()) {
            Map.Entry<String, Entry> next = oldest.next();
            if (!isExpired(next.getValue(), nowMs) || inWork.contains(next.getKey())) {
                return;
            }
            oldest.remove();
        }
    }

    private boolean isExpired(Entry entry, long nowMs) {
        return nowMs - entry.timeMs() > expiryMs;
    }
}
