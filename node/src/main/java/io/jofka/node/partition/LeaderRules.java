package io.jofka.node.partition;

/**
 * What the topic's configuration means to the leader.
 *
 * @param forced a record counts on a replica when it is forced to disk there; otherwise when it is in the page cache
 * @param minInsyncReplicas in-sync replicas that {@code acks=all} asks for; never more than there are replicas
 * @param stampTime the leader writes its own time into every batch ({@code message.timestamp.type=LogAppendTime})
 */
public record LeaderRules(boolean forced, int minInsyncReplicas, boolean stampTime) {}
