package io.jofka.node.rest.admin;

import io.jofka.api.model.Decommission;
import io.jofka.node.metadata.ClusterImage;
import io.jofka.node.metadata.NodeImage;
import io.jofka.node.metadata.ReplicaBalance;
import io.jofka.node.metadata.ReplicaBalance.Leaving;

/** How far a node is on its way out, by the image of any node. */
final class Decommissions {
    private Decommissions() {}

    /** @param planned nothing has begun: what there would be to do */
    static Decommission of(ClusterImage image, int node, boolean planned) {
        int held = 0;
        int moving = 0;
        for (var topic : image.topics()) {
            for (var partition : topic.partitions()) {
                held += partition.replicas().contains(node) ? 1 : 0;
                moving += partition.removing().contains(node) ? 1 : 0;
            }
        }
        Leaving leaving = ReplicaBalance.leave(image, node, 0);
        String state = held == 0 ? "empty" : leaving.stuck() > 0 ? "stuck" : "moving";
        return new Decommission(
                node,
                planned ? "planned" : state,
                held,
                moving,
                leaving.stuck(),
                leaving.firstStuck().orElse(null),
                image.node(node).map(NodeImage::controller).orElse(false));
    }
}
