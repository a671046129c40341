package io.jofka.openapi;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.util.ArrayList;
import java.util.List;
import java.util.function.BiConsumer;
import org.yaml.snakeyaml.LoaderOptions;
import org.yaml.snakeyaml.Yaml;

/** The document as a tree, and walks over it. */
record Document(JsonNode root) {
    /** An operation with its path and method. */
    record Operation(String path, String method, JsonNode node) {
        String id() {
            return node.path("operationId").asText();
        }
    }

    static Document load() {
        LoaderOptions options = new LoaderOptions();
        options.setAllowDuplicateKeys(false);
        try (InputStream in = Document.class.getResourceAsStream("/META-INF/openapi.yaml")) {
            return new Document(new ObjectMapper().valueToTree(new Yaml(options).load(in)));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    List<Operation> operations() {
        List<Operation> found = new ArrayList<>();
        root.path("paths")
                .properties()
                .forEach(path -> path.getValue().properties().forEach(entry -> {
                    if (!entry.getKey().equals("parameters")) {
                        found.add(new Operation(path.getKey(), entry.getKey(), entry.getValue()));
                    }
                }));
        return found;
    }

    /** Parameters of the path and of the operation, references followed. */
    List<JsonNode> parameters(Operation operation) {
        List<JsonNode> found = new ArrayList<>();
        root.path("paths").path(operation.path()).path("parameters").forEach(p -> found.add(resolve(p)));
        operation.node().path("parameters").forEach(p -> found.add(resolve(p)));
        return found;
    }

    JsonNode resolve(JsonNode node) {
        String ref = node.path("$ref").asText("");
        return ref.isEmpty() ? node : resolve(root.at(ref.substring(1)));
    }

    JsonNode schemas() {
        return root.path("components").path("schemas");
    }

    /** Calls back for every object below a node, with its JSON pointer. */
    static void walk(String at, JsonNode node, BiConsumer<String, JsonNode> visitor) {
        if (node.isObject()) {
            visitor.accept(at, node);
            node.properties()
                    .forEach(e ->
                            walk(at + "/" + e.getKey().replace("~", "~0").replace("/", "~1"), e.getValue(), visitor));
        } else if (node.isArray()) {
            for (int i = 0; i < node.size(); i++) {
                walk(at + "/" + i, node.get(i), visitor);
            }
        }
    }
}
