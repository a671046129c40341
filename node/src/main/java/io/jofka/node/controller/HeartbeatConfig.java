package io.jofka.node.controller;

/**
 * How nodes are watched; all in milliseconds.
 *
 * @param heartbeatMs how often a node tells that it lives, 10 to 60,000
 * @param sessionMs silence after which it is fenced, at least twice that
 * @param balanceMs how often leadership is given back to preferred leaders, 100 to a day
 */
public record HeartbeatConfig(int heartbeatMs, int sessionMs, int balanceMs) {
    public HeartbeatConfig {
        if (heartbeatMs < 10
                || heartbeatMs > 60_000
                || sessionMs < 2 * heartbeatMs
                || balanceMs < 100
                || balanceMs > 86_400_000) {
            throw new IllegalArgumentException("heartbeats out of range");
        }
    }

    public static HeartbeatConfig defaults() {
        return new HeartbeatConfig(250, 1_500, 10_000);
    }
}
