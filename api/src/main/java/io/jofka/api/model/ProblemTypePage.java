package io.jofka.api.model;

import java.util.List;

/** The catalogue of problems. */
public record ProblemTypePage(List<ProblemType> items, int total) {}
