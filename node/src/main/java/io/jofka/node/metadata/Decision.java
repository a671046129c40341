package io.jofka.node.metadata;

import java.util.List;

/** What a command comes to: records to commit together, and the answer to give when they are committed. */
public record Decision<A>(List<MetadataRecord> records, A answer) {}
