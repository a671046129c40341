package io.jofka.api.model;

import java.util.List;

/** Where the replicas of a partition shall be: node ids in order of preference, the first is the preferred leader. */
public record ReplicaMove(String topic, int partition, List<Integer> replicas) {}
