package io.jofka.tests.workload;

/**
 * How much the clients of a workload ask for.
 *
 * @param fill letters that are added to each record
 * @param restPerSecond requests of each REST producer, at most
 * @param kafkaPerSecond records of each Kafka producer, at most
 */
public record Load(int fill, int restPerSecond, int kafkaPerSecond) {
    /** As fast as REST producers get answers: for one node that has the machine to itself. */
    public static Load full(int fill) {
        return new Load(fill, Integer.MAX_VALUE, 2_000);
    }

    /** What three nodes and their clients do on two cores without being slowed down by that alone. */
    public static Load moderate(int fill) {
        return new Load(fill, 40, 300);
    }
}
