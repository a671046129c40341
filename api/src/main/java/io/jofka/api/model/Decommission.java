package io.jofka.api.model;

import org.jspecify.annotations.Nullable;

/**
 * How far a node is on its way out: {@code moving} its replicas go to other nodes, {@code stuck} for some there is no other
 * node, {@code empty} it holds nothing: stop it, and it is forgotten, unless it votes; {@code planned} on a dry run.
 */
public record Decommission(
        int node,
        String state,
        int replicas,
        int moving,
        int stuck,
        @Nullable String firstStuck,
        boolean voter) {}
