package io.jofka.tests.harness;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.util.SplittableRandom;

/**
 * Free loopback ports. Another process may take one before it is used; that shows as a node that does not start. They are
 * below those that systems give to outgoing connections (32768 on Linux), so that a port stays free while the node it
 * belongs to is down.
 */
public final class Ports {
    private static final int FIRST = 12_000;
    private static final int END = 32_000;
    private static final int TRIES = 1_000;
    private static final SplittableRandom RANDOM = new SplittableRandom();

    private Ports() {}

    /** A port that nobody listened on at the time of the call. */
    public static int free() {
        return run(1);
    }

    /** The first of two ports side by side that nobody listened on at the time of the call. */
    public static int pair() {
        return run(2);
    }

    private static synchronized int run(int length) {
        for (int i = 0; i < TRIES; i++) {
            int first = RANDOM.nextInt(FIRST, END);
            boolean free = true;
            for (int port = first; port < first + length && free; port++) {
                free = isFree(port);
            }
            if (free) {
                return first;
            }
        }
        throw new UncheckedIOException(new IOException("no free port between " + FIRST + " and " + END));
    }

    private static boolean isFree(int port) {
        try (ServerSocket _ = new ServerSocket(port, 1, InetAddress.getLoopbackAddress())) {
            return true;
        } catch (IOException e) {
            return false;
        }
    }
}
