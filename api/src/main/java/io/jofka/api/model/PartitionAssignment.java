package io.jofka.api.model;

import java.util.List;

/** Node ids that hold a partition, the preferred leader first. */
public record PartitionAssignment(int partition, List<Integer> replicas) {}
