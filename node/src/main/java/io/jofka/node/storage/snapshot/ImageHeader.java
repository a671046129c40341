package io.jofka.node.storage.snapshot;

import java.util.Map;

/**
 * What an image stands for: all metadata up to and including {@code index}, written in {@code term}.
 *
 * @param schemaVersion of the tables
 * @param sha256 over the records of the image, in hexadecimal
 * @param rows number of rows by table
 */
public record ImageHeader(
        long index, int term, String clusterId, int schemaVersion, String sha256, Map<String, Long> rows) {}
