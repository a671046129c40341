package io.jofka.node.rest;

import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.TreeSet;
import org.yaml.snakeyaml.LoaderOptions;
import org.yaml.snakeyaml.Yaml;

/**
 * What the OpenAPI document says about addresses and methods. Read when it is first asked for, that is when a request
 * found no handler, so that it costs nothing at start. Thread-safe.
 */
public final class Contract {
    /** An operation; {@code path} is a template with {@code {name}} segments, the media types are as declared. */
    public record Operation(
            String method, String path, String id, boolean planned, List<String> consumes, List<String> produces) {
        /** Number of literal segments when the address fits the template, otherwise -1. */
        int fit(String[] segments) {
            String[] template = path.split("/", -1);
            if (template.length != segments.length) {
                return -1;
            }
            int literal = 0;
            for (int i = 0; i < template.length; i++) {
                if (template[i].equals(segments[i])) {
                    literal++;
                } else if (!template[i].startsWith("{") || segments[i].isEmpty()) {
                    return -1;
                }
            }
            return literal;
        }
    }

    private static final List<String> METHODS = List.of("get", "put", "post", "delete", "patch", "head", "options");

    private final Object lock = new Object();
    private volatile List<Operation> operations = List.of();

    /** All operations in the order of the document. */
    public List<Operation> operations() {
        if (operations.isEmpty()) {
            synchronized (lock) {
                if (operations.isEmpty()) {
                    operations = List.copyOf(read());
                }
            }
        }
        return operations;
    }

    /** The operation that serves, or would serve, this request. */
    public Optional<Operation> find(String method, String path) {
        return at(path).stream().filter(o -> o.method().equals(method)).findFirst();
    }

    /** Methods that the address has, sorted; empty when nothing is there. */
    public List<String> methods(String path) {
        TreeSet<String> methods = new TreeSet<>();
        at(path).forEach(o -> methods.add(o.method()));
        return List.copyOf(methods);
    }

    /** The operations of the template that fits best: literal segments win over parameters. */
    private List<Operation> at(String path) {
        String[] segments = path.split("/", -1);
        int best = -1;
        List<Operation> found = new ArrayList<>();
        for (Operation operation : operations()) {
            int fit = operation.fit(segments);
            if (fit > best) {
                best = fit;
                found.clear();
            }
            if (fit >= 0 && fit == best) {
                found.add(operation);
            }
        }
        return found;
    }

    private static List<Operation> read() {
        Map<?, ?> document;
        try (InputStream in =
                Objects.requireNonNull(Contract.class.getClassLoader().getResourceAsStream("META-INF/openapi.yaml"))) {
            document = new Yaml(new LoaderOptions()).load(in);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        List<Operation> found = new ArrayList<>();
        map(document, "paths").forEach((path, item) -> {
            for (String method : METHODS) {
                if (item instanceof Map<?, ?> members && members.get(method) instanceof Map<?, ?> operation) {
                    found.add(operation((String) path, method, operation));
                }
            }
        });
        return found;
    }

    private static Operation operation(String path, String method, Map<?, ?> node) {
        TreeSet<String> produces = new TreeSet<>();
        map(node, "responses").values().forEach(response -> {
            if (response instanceof Map<?, ?> members) {
                map(members, "content").keySet().forEach(type -> produces.add((String) type));
            }
        });
        List<String> consumes = new ArrayList<>();
        map(map(node, "requestBody"), "content").keySet().forEach(type -> consumes.add((String) type));
        return new Operation(
                method.toUpperCase(Locale.ROOT),
                path,
                String.valueOf(node.get("operationId")),
                "planned".equals(node.get("x-status")),
                consumes,
                List.copyOf(produces));
    }

    private static Map<?, ?> map(Map<?, ?> node, String name) {
        return node.get(name) instanceof Map<?, ?> found ? found : Map.of();
    }
}
