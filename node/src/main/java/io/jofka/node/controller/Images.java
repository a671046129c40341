package io.jofka.node.controller;

import io.jofka.node.metadata.ClusterImage;

/** This node's view of the committed metadata. Thread-safe. */
public interface Images {
    /** Never blocks; the newest image applied here. */
    ClusterImage current();

    /** Waits until {@link #current} is at or beyond the index; false when the time is over. */
    boolean await(long index, int timeoutMs) throws InterruptedException;

    /** Called in order for every new image on the applying thread, and once with (empty, current) on registration. */
    void onChange(Listener listener);

    /** Receives each step from one image to the next. */
    @FunctionalInterface
    interface Listener {
        void changed(ClusterImage before, ClusterImage after);
    }
}
