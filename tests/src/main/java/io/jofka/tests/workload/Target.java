package io.jofka.tests.workload;

import io.jofka.tests.history.History;
import io.jofka.tests.history.Place;
import io.jofka.tests.history.RecordId;
import java.net.URI;
import java.util.List;

/**
 * What the clients of a run work on.
 *
 * @param rest the nodes' REST addresses, one or more
 * @param kafka the nodes' Kafka addresses, as Kafka clients take them
 */
public record Target(List<URI> rest, String kafka, String topic, int partitions, History history) {
    public Target {
        rest = List.copyOf(rest);
    }

    public Target(URI rest, String kafka, String topic, int partitions, History history) {
        this(List.of(rest), kafka, topic, partitions, history);
    }

    Place place(int partition) {
        return new Place(topic, partition);
    }

    /** Each client spreads its records over a few keys. */
    static String key(RecordId id) {
        return id.client() + "-" + id.sequence() % 7;
    }
}
