package io.jofka.node.broker.forward;

import io.jofka.node.broker.FetchService;
import io.jofka.node.broker.OffsetService;
import io.jofka.node.broker.ProduceService;
import io.jofka.node.broker.ReplicaDescriptions;
import io.jofka.node.common.Clock;
import io.jofka.node.common.Net;
import io.jofka.node.controller.Images;
import java.util.concurrent.Executor;
import java.util.concurrent.Executors;

/** The broker's services for every partition of the cluster, wherever it is led; and this node's part in that. Thread-safe. */
public final class AnyNode {
    private final ForwardingProduce produce;
    private final ForwardingFetch fetch;
    private final ForwardingLookups offsets;
    private final ClusterReplicas replicas;

    /** The services given serve what this node leads; their answers to other nodes are registered with {@code net}. */
    public AnyNode(
            int self,
            Images images,
            ProduceService produce,
            FetchService fetch,
            OffsetService offsets,
            ReplicaDescriptions replicas,
            Net net,
            Clock clock) {
        Leaders leaders = new Leaders(self, images, clock);
        Executor threads = Executors.newThreadPerTaskExecutor(
                Thread.ofVirtual().name("jofka-forward-", 0).factory());
        this.produce = new ForwardingProduce(produce, leaders, net, threads);
        this.fetch = new ForwardingFetch(fetch, leaders, net, threads);
        this.offsets = new ForwardingLookups(offsets, leaders, net, threads);
        this.replicas = new ClusterReplicas(self, replicas, leaders, net);
        new Answering(self, produce, fetch, offsets, replicas).serve(net);
    }

    public ProduceService produce() {
        return produce;
    }

    public FetchService fetch() {
        return fetch;
    }

    public OffsetService offsets() {
        return offsets;
    }

    public ReplicaDescriptions replicas() {
        return replicas;
    }
}
