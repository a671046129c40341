package io.jofka.node.rest.data;

import io.helidon.http.encoding.ContentEncodingContext;
import io.jofka.api.fault.Fault;
import io.jofka.node.broker.FetchService;
import io.jofka.node.broker.OffsetService;
import io.jofka.node.broker.ProduceService;
import io.jofka.node.broker.ProducerIds;
import io.jofka.node.broker.idempotency.Idempotency;
import io.jofka.node.common.Clock;
import io.jofka.node.common.Seed;
import io.jofka.node.controller.Images;
import io.jofka.node.metadata.EffectiveConfigs;
import io.jofka.node.rest.ProblemWriter;
import io.jofka.node.rest.RequestIds;
import io.jofka.node.rest.data.exchange.Answers;
import io.jofka.node.rest.data.exchange.DataLimits;
import io.jofka.node.rest.data.exchange.DataMetrics;
import io.jofka.node.rest.data.exchange.Gate;
import io.jofka.node.rest.data.exchange.GzipDecoding;
import io.jofka.node.rest.data.exchange.StallGuard;
import io.jofka.node.rest.data.produce.ProduceRoutes;
import io.jofka.node.rest.data.produce.TopicTargets;
import io.jofka.node.rest.data.read.ReadGates;
import io.jofka.node.rest.data.read.ReadRoutes;
import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import java.util.Map;

/**
 * Puts the data path together: the boot layer (or a test) registers {@link #service} at {@code /api/v1} and sets {@link
 * #contentEncoding} on the listener.
 */
public final class DataPath implements AutoCloseable {
    /** An id that no node has. */
    private static final int NO_NODE = -1;

    private final DataService service;
    private final StallGuard stalls;
    private final DataLimits limits;

    /** What the data path needs of the layers below. */
    public record Ports(
            Images images,
            ProduceService produce,
            FetchService fetch,
            OffsetService offsets,
            ProducerIds producerIds,
            Idempotency idempotency,
            EffectiveConfigs configs,
            MeterRegistry metrics) {
        /** Without metrics, and without settings of this node alone: those of topic and cluster are in force. */
        public Ports(
                Images images,
                ProduceService produce,
                FetchService fetch,
                OffsetService offsets,
                ProducerIds producerIds,
                Idempotency idempotency) {
            this(
                    images,
                    produce,
                    fetch,
                    offsets,
                    producerIds,
                    idempotency,
                    new EffectiveConfigs(NO_NODE, Map.of()),
                    new SimpleMeterRegistry());
        }
    }

    public DataPath(
            Ports ports, DataLimits limits, Clock clock, Seed seed, ProblemWriter problems, RequestIds requestIds) {
        this.limits = limits;
        Gate requests = new Gate(
                limits.concurrentRequests(),
                Fault.OVERLOADED,
                "The node works on " + limits.concurrentRequests() + " data requests, its limit.");
        Gate bodies = new Gate(
                limits.bodyBudgetBytes(),
                Fault.OVERLOADED,
                "The node holds " + limits.bodyBudgetBytes() + " bytes of bodies, its limit.");
        ReadGates readers = ReadGates.of(limits, requests);
        DataMetrics metrics = new DataMetrics(ports.metrics());
        metrics.gate("requests", requests);
        metrics.gate("bodyBytes", bodies);
        metrics.gate("longPolls", readers.longPolls());
        metrics.gate("tails", readers.tails());
        this.stalls = new StallGuard(clock, limits.stalledReader());
        Answers answers = new Answers(problems, requestIds);
        ProduceRoutes produce = new ProduceRoutes(
                new TopicTargets(ports.images(), ports.configs()),
                ports.produce(),
                ports.producerIds(),
                ports.idempotency(),
                limits,
                requests,
                bodies,
                stalls,
                clock,
                seed,
                answers,
                metrics);
        ReadRoutes read = new ReadRoutes(
                ports.images(),
                ports.fetch(),
                ports.offsets(),
                limits,
                readers,
                bodies,
                stalls,
                clock,
                answers,
                metrics);
        this.service = new DataService(produce, read, answers, metrics);
    }

    /** Call once, before requests come. */
    public void start() {
        stalls.start();
    }

    /** Ends live tails and waiting streams, so that the listener can close. */
    @Override
    public void close() {
        stalls.close();
    }

    public DataService service() {
        return service;
    }

    /** For the listener: bounded inflation of request bodies. */
    public ContentEncodingContext contentEncoding() {
        return GzipDecoding.context(limits);
    }
}
