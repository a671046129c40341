package io.jofka.node.boot;

import io.jofka.node.broker.Broker;
import io.jofka.node.broker.FetchService;
import io.jofka.node.broker.OffsetService;
import io.jofka.node.broker.ProduceService;
import io.jofka.node.broker.ReplicaDescriptions;
import io.jofka.node.broker.forward.AnyNode;
import io.jofka.node.common.Clock;
import io.jofka.node.common.Net;
import io.jofka.node.controller.Images;

/** The services through which every face reaches every partition: the broker's own, or in a cluster any node's. */
record EveryPartition(ProduceService produce, FetchService fetch, OffsetService offsets, ReplicaDescriptions replicas) {
    static EveryPartition alone(Broker broker) {
        return new EveryPartition(broker.produce(), broker.fetch(), broker.offsets(), broker.replicas());
    }

    static EveryPartition of(int nodeId, Broker broker, Images images, Net net, Clock clock) {
        AnyNode any = new AnyNode(
                nodeId, images, broker.produce(), broker.fetch(), broker.offsets(), broker.replicas(), net, clock);
        return new EveryPartition(any.produce(), any.fetch(), any.offsets(), any.replicas());
    }
}
