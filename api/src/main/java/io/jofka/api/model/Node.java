package io.jofka.api.model;

import java.util.List;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/** A registered node; directories and version only of the node that answers. */
public record Node(
        int id,
        UUID incarnation,
        List<String> roles,
        boolean fenced,
        boolean draining,
        boolean decommissioning,
        String rack,
        List<Endpoint> endpoints,
        int leaders,
        int replicas,
        @Nullable List<LogDirectory> logDirectories,
        @Nullable String version) {}
