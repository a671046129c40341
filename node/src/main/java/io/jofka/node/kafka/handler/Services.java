package io.jofka.node.kafka.handler;

import io.jofka.node.broker.FetchService;
import io.jofka.node.broker.OffsetService;
import io.jofka.node.broker.ProduceService;
import io.jofka.node.broker.ProducerIds;
import io.jofka.node.broker.ReplicaDescriptions;
import io.jofka.node.common.Clock;
import io.jofka.node.controller.ClusterAdmin;
import io.jofka.node.controller.Images;
import io.jofka.node.controller.QuorumStatus;
import io.jofka.node.controller.TopicAdmin;
import io.jofka.node.metadata.EffectiveConfigs;

/** What the handlers serve from. */
public record Services(
        Images images,
        ProduceService produce,
        FetchService fetch,
        OffsetService offsets,
        ProducerIds producerIds,
        ReplicaDescriptions replicas,
        TopicAdmin topics,
        ClusterAdmin cluster,
        QuorumStatus quorum,
        EffectiveConfigs configs,
        Clock clock) {}
