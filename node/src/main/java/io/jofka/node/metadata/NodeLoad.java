package io.jofka.node.metadata;

/** How much a node carries: the partitions it leads and the replicas it holds, the led ones included. */
record NodeLoad(int leaders, int replicas) {
    static final NodeLoad NONE = new NodeLoad(0, 0);

    NodeLoad plus(int moreLeaders, int moreReplicas) {
        return new NodeLoad(leaders + moreLeaders, replicas + moreReplicas);
    }
}
