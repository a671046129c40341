package io.jofka.api.model;

/** The voter that is to lead the quorum. */
public record TransferSpec(int node) {}
