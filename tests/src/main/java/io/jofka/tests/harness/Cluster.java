package io.jofka.tests.harness;

import java.util.List;
import java.util.Set;

/** Several servers that form one cluster: of this project, or real Kafkas beside it. */
public interface Cluster extends Server {
    /** Ids of all nodes, also of those that do not run. */
    Set<Integer> nodes();

    /** Process of a running node. */
    long pid(int node);

    /** Id of the active controller as the cluster tells it. */
    int controller();

    /** SIGKILL; returns when the process is gone. */
    void kill(int node);

    /** SIGTERM; returns when the process has ended. */
    void stop(int node);

    /** Starts what does not run and awaits that it is ready. */
    void startAll();

    /** Processes of all nodes; all must run. */
    @Override
    default List<Long> pids() {
        return nodes().stream().map(this::pid).toList();
    }

    @Override
    default long pid() {
        return pids().getFirst();
    }
}
