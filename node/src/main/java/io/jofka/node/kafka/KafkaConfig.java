package io.jofka.node.kafka;

/**
 * How the Kafka listener is opened.
 *
 * @param host address to bind, for example 127.0.0.1
 * @param port 0 to 65,535; 0 lets the system choose
 * @param nodeId this node's id as clients see it
 * @param autoCreateTopics whether a metadata request creates the topics it names (Kafka's auto.create.topics.enable)
 */
public record KafkaConfig(String host, int port, int nodeId, boolean autoCreateTopics, KafkaLimits limits) {
    public static KafkaConfig defaults() {
        return new KafkaConfig("127.0.0.1", 9092, 1, true, KafkaLimits.defaults());
    }

    public KafkaConfig listeningOn(String newHost, int newPort) {
        return new KafkaConfig(newHost, newPort, nodeId, autoCreateTopics, limits);
    }

    public KafkaConfig withNodeId(int newNodeId) {
        return new KafkaConfig(host, port, newNodeId, autoCreateTopics, limits);
    }

    public KafkaConfig withAutoCreateTopics(boolean create) {
        return new KafkaConfig(host, port, nodeId, create, limits);
    }

    public KafkaConfig withLimits(KafkaLimits newLimits) {
        return new KafkaConfig(host, port, nodeId, autoCreateTopics, newLimits);
    }
}
