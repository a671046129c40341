package io.jofka.node.kafka;

/** What a handler knows of a request besides its body. {@code clientId} is empty when the client gave none. */
public record Call(short version, int correlationId, String clientId, Client client) {}
