package io.jofka.node.broker;

import io.jofka.node.broker.ReplicaDescriptions.Follower;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;

/** Where the followers of a led partition were at their last fetch, for those who look. Thread-safe; never blocks a reader. */
final class FollowerEnds {
    private static final class Seen {
        private volatile long end;
        private volatile long atNanos;
    }

    private volatile Map<Integer, Seen> followers = Map.of();

    void fetched(int node, long end, long nowNanos) {
        Seen known = followers.get(node);
        Seen seen = known == null ? add(node) : known;
        seen.end = end;
        seen.atNanos = nowNanos;
    }

    private synchronized Seen add(int node) {
        Seen known = followers.get(node);
        if (known != null) {
            return known;
        }
        Seen seen = new Seen();
        Map<Integer, Seen> more = new HashMap<>(followers);
        more.put(node, seen);
        followers = Map.copyOf(more);
        return seen;
    }

    /** In the order of their ids. */
    List<Follower> all(long nowNanos) {
        List<Follower> all = new ArrayList<>();
        followers.entrySet().stream().sorted(Map.Entry.comparingByKey()).forEach(entry -> {
            Seen seen = entry.getValue();
            long ago = Math.max(0, TimeUnit.NANOSECONDS.toMillis(nowNanos - seen.atNanos));
            all.add(new Follower(entry.getKey(), seen.end, ago));
        });
        return all;
    }
}
