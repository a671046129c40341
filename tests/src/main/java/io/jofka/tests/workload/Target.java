package io.jofka.tests.workload;

import io.jofka.tests.history.History;
import io.jofka.tests.history.Place;
import io.jofka.tests.history.RecordId;
import java.net.URI;

/**
 * What the clients of a run work on.
 *
 * @param rest the node's REST address
 * @param kafka the node's Kafka address
 */
public record Target(URI rest, String kafka, String topic, int partitions, History history) {
    Place place(int partition) {
        return new Place(topic, partition);
    }

    /** Each client spreads its records over a few keys. */
    static String key(RecordId id) {
        return id.client() + "-" + id.sequence() % 7;
    }
}
