package io.jofka.api.model;

/** An entry of the catalogue of problems. */
public record ProblemType(
        String slug,
        String code,
        String title,
        int status,
        int kafkaErrorCode,
        boolean retriable,
        String cause,
        String cure) {}
