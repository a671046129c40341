package io.jofka.node.rest.admin;

import io.jofka.api.model.TopicPatch;
import io.jofka.node.controller.TopicAdmin;
import io.jofka.node.controller.TopicAdmin.ConfigChange;
import io.jofka.node.controller.TopicAdmin.ConfigOp;
import io.jofka.node.controller.TopicAdmin.Growth;
import io.jofka.node.controller.TopicAdmin.Resource;
import io.jofka.node.metadata.TopicImage;
import java.util.List;
import java.util.Objects;
import java.util.Optional;

/**
 * A patch of a topic as the one or two changes that it is: both are checked before the first is made. The configurations
 * go first, because they can be bound to the version that the caller saw.
 */
final class TopicChange {
    private final TopicAdmin admin;
    private final Changes changes;
    private final int timeoutMs;
    private final List<ConfigChange> configs;
    private final List<Growth> growths;

    TopicChange(
            TopicAdmin admin,
            Changes changes,
            TopicImage topic,
            TopicPatch patch,
            Optional<Long> expected,
            int timeoutMs) {
        this.admin = admin;
        this.changes = changes;
        this.timeoutMs = timeoutMs;
        List<ConfigOp> ops = patch.configs() == null ? List.of() : ConfigText.ops(patch.configs());
        this.configs =
                ops.isEmpty() ? List.of() : List.of(new ConfigChange(Resource.TOPIC, topic.name(), ops, expected));
        // the number that it has already is no change: a caller may send the whole topic back
        int now = topic.partitions().size();
        int partitions = Objects.requireNonNullElse(patch.partitions(), now);
        this.growths = partitions == now ? List.of() : List.of(new Growth(topic.name(), partitions, List.of()));
    }

    void check() {
        if (!configs.isEmpty()) {
            changes.await(admin.alterConfigs(configs, true, timeoutMs), timeoutMs, "/configs");
        }
        if (!growths.isEmpty()) {
            changes.await(admin.createPartitions(growths, true, timeoutMs), timeoutMs, "");
        }
    }

    /** The metadata index that holds the last change; -1 when there was nothing to change. */
    long apply() {
        long index = -1;
        if (!configs.isEmpty()) {
            index = changes.await(admin.alterConfigs(configs, false, timeoutMs), timeoutMs, "/configs")
                    .index();
        }
        if (!growths.isEmpty()) {
            index = changes.await(admin.createPartitions(growths, false, timeoutMs), timeoutMs, "")
                    .index();
        }
        return index;
    }
}
