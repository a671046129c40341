package io.jofka.node.rest.data.read;

import io.jofka.api.fault.Fault;
import io.jofka.node.rest.data.exchange.DataLimits;
import io.jofka.node.rest.data.exchange.Gate;

/**
 * How many readers there may be at one time, by kind.
 *
 * @param requests reads that answer at once
 * @param longPolls reads that may wait for records
 * @param tails live tails and streams
 */
public record ReadGates(Gate requests, Gate longPolls, Gate tails) {
    public static ReadGates of(DataLimits limits, Gate requests) {
        return new ReadGates(
                requests,
                new Gate(
                        limits.longPolls(),
                        Fault.TOO_MANY_REQUESTS,
                        "The node serves " + limits.longPolls() + " waiting reads, its limit."),
                new Gate(
                        limits.sseClients(),
                        Fault.TOO_MANY_REQUESTS,
                        "The node serves " + limits.sseClients() + " live tails, its limit."));
    }

    /** The gate of a read that waits up to {@code waitMs}. */
    Gate of(int waitMs) {
        return waitMs > 0 ? longPolls : requests;
    }
}
