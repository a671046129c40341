package io.jofka.node.controller;

import com.google.errorprone.annotations.concurrent.GuardedBy;
import io.jofka.node.metadata.ClusterImage;
import io.jofka.node.metadata.MetadataImage;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.Condition;
import java.util.concurrent.locks.ReentrantLock;

/**
 * The images this node has applied. Written by the controller's loop alone.
 *
 * <p>Lock order: {@code listening} before {@code waiting}. Listeners are called under {@code listening}, so that one that
 * is just being added misses nothing and hears nothing twice.
 */
final class LocalImages implements Images {
    private final ReentrantLock listening = new ReentrantLock();

    @GuardedBy("listening")
    private final List<Listener> listeners = new ArrayList<>();

    private final ReentrantLock waiting = new ReentrantLock();
    private final Condition moved = waiting.newCondition();

    @GuardedBy("waiting")
    private long servedIndex = -1;

    private volatile MetadataImage current = MetadataImage.empty();

    @Override
    public ClusterImage current() {
        return current;
    }

    MetadataImage image() {
        return current;
    }

    /** The image, once its listeners have seen it, is what waiters have waited for. */
    void publish(MetadataImage next) {
        listening.lock();
        try {
            MetadataImage before = current;
            current = next;
            for (Listener listener : listeners) {
                listener.changed(before, next);
            }
        } finally {
            listening.unlock();
        }
        waiting.lock();
        try {
            servedIndex = next.index();
            moved.signalAll();
        } finally {
            waiting.unlock();
        }
    }

    @Override
    public boolean await(long index, int timeoutMs) throws InterruptedException {
        long left = TimeUnit.MILLISECONDS.toNanos(timeoutMs);
        waiting.lock();
        try {
            while (servedIndex < index) {
                if (left <= 0) {
                    return false;
                }
                left = moved.awaitNanos(left);
            }
            return true;
        } finally {
            waiting.unlock();
        }
    }

    @Override
    public void onChange(Listener listener) {
        listening.lock();
        try {
            listeners.add(listener);
            listener.changed(MetadataImage.empty(), current);
        } finally {
            listening.unlock();
        }
    }
}
