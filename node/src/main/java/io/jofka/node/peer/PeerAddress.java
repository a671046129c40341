package io.jofka.node.peer;

/** Where a node listens for the others. */
public record PeerAddress(String host, int port, int bulkPort) {}
