package io.jofka.node.rest.admin;

import io.jofka.node.broker.ReplicaDescriptions;
import io.jofka.node.controller.ClusterAdmin;
import io.jofka.node.controller.Images;
import io.jofka.node.controller.QuorumStatus;
import io.jofka.node.controller.TopicAdmin;
import io.jofka.node.metadata.EffectiveConfigs;
import io.jofka.node.rest.Contract;
import io.jofka.node.rest.ProblemWriter;

/** What the administrative operations stand on; {@code version} is that of this build. */
public record AdminServices(
        int nodeId,
        String version,
        Images images,
        TopicAdmin topics,
        ClusterAdmin cluster,
        QuorumStatus quorum,
        ReplicaDescriptions replicas,
        EffectiveConfigs configs,
        ProblemWriter problems,
        Contract contract,
        AdminConfig config) {}
