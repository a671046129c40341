package io.jofka.api.model;

/** Where a listener is advertised. */
public record Endpoint(String listener, String host, int port) {}
