package io.jofka.api.model;

import java.util.List;
import org.jspecify.annotations.Nullable;

/** The quorum; ends are exclusive, {@code leader} is absent when not known. */
public record RaftStatus(
        int node,
        int term,
        @Nullable Integer leader,
        String role,
        long logEndOffset,
        long committedOffset,
        long appliedIndex,
        List<RaftVoter> voters,
        List<RaftVoter> observers,
        @Nullable RaftSnapshot snapshot) {}
