package io.jofka.node.kafka.handler;

import java.util.UUID;
import org.apache.kafka.common.Uuid;

/** Topic ids in the codec's form and in ours. */
final class Ids {
    private Ids() {}

    static UUID of(Uuid id) {
        return new UUID(id.getMostSignificantBits(), id.getLeastSignificantBits());
    }

    static Uuid of(UUID id) {
        return new Uuid(id.getMostSignificantBits(), id.getLeastSignificantBits());
    }
}
