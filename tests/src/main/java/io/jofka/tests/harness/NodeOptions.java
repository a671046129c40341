package io.jofka.tests.harness;

import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * How a node process is started.
 *
 * @param name part of the log file's name
 * @param data its data folder
 * @param restPort port of the REST listener
 * @param kafkaPort port of the Kafka listener
 * @param heapMiB largest heap
 * @param jvm further arguments of the JVM
 * @param properties further settings, given as {@code -Dkey=value}
 * @param environment variables added to those of this process
 * @param startWithin deadline for the ready line
 */
public record NodeOptions(
        String name,
        Path data,
        int restPort,
        int kafkaPort,
        int heapMiB,
        List<String> jvm,
        Map<String, String> properties,
        Map<String, String> environment,
        Duration startWithin) {
    public NodeOptions {
        jvm = List.copyOf(jvm);
        properties = Map.copyOf(properties);
        environment = Map.copyOf(environment);
    }

    /** A new data folder, free ports, 256 MiB of heap. */
    public static NodeOptions fresh(String name) {
        return new NodeOptions(
                name,
                Folders.temporary(name),
                Ports.free(),
                Ports.free(),
                256,
                List.of(),
                Map.of(),
                Map.of(),
                Duration.ofMinutes(3));
    }

    public NodeOptions withData(Path other) {
        return new NodeOptions(name, other, restPort, kafkaPort, heapMiB, jvm, properties, environment, startWithin);
    }

    public NodeOptions withHeap(int otherMiB) {
        return new NodeOptions(name, data, restPort, kafkaPort, otherMiB, jvm, properties, environment, startWithin);
    }

    public NodeOptions withJvm(String... arguments) {
        List<String> all = new ArrayList<>(jvm);
        all.addAll(List.of(arguments));
        return new NodeOptions(name, data, restPort, kafkaPort, heapMiB, all, properties, environment, startWithin);
    }

    public NodeOptions withProperty(String key, String value) {
        Map<String, String> all = new LinkedHashMap<>(properties);
        all.put(key, value);
        return new NodeOptions(name, data, restPort, kafkaPort, heapMiB, jvm, all, environment, startWithin);
    }

    public NodeOptions withEnvironment(Map<String, String> variables) {
        return new NodeOptions(name, data, restPort, kafkaPort, heapMiB, jvm, properties, variables, startWithin);
    }

    public NodeOptions within(Duration deadline) {
        return new NodeOptions(name, data, restPort, kafkaPort, heapMiB, jvm, properties, environment, deadline);
    }
}
