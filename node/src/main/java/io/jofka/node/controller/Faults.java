package io.jofka.node.controller;

/** Told when the node must not go on: it has to be marked unhealthy and its process ended. Returns; never fails. */
@FunctionalInterface
public interface Faults {
    void fatal(String what, Throwable cause);
}
