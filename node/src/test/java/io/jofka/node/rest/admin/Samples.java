package io.jofka.node.rest.admin;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;

/** Makes right and wrong inputs from schemas of the document, by chance from a seed. */
final class Samples {
    private static final String[] STRANGE = {
        "",
        " ",
        "../../x",
        "a/b",
        "%00",
        "\u0001",
        "NaN",
        "1e309",
        "-1",
        "99999999999999999999",
        "null",
        "[]",
        "{}",
        "ünïcödé \uD83D\uDE00",
        "'; drop table",
        "x".repeat(300),
        "true",
        "0x10",
        "+5",
        "1.5",
        "a,b,c",
        "*"
    };

    private final ContractCheck contract;
    private final Random random;
    private final ObjectMapper mapper = new ObjectMapper();

    Samples(ContractCheck contract, Random random) {
        this.contract = contract;
        this.random = random;
    }

    String strange() {
        return STRANGE[random.nextInt(STRANGE.length)];
    }

    /** A valid value for a parameter. */
    String right(String name, JsonNode schema) {
        return switch (name) {
            case "topic" -> "t";
            case "partition" -> Integer.toString(random.nextInt(2));
            case "node" -> "1";
            case "slug" -> "not-leader";
            case "waitMs" -> Integer.toString(random.nextInt(30));
            case "offset" -> random.nextBoolean() ? "earliest" : "0";
            case "at" -> random.nextBoolean() ? "2026-01-01T00:00:00Z" : "2020-05-05T05:05:05.123Z";
            case "from" -> "earliest";
            case "headerEquals" -> "n:v";
            case "jsonPointer" -> "/a/b";
            case "If-Match" -> "*";
            case "Last-Event-ID", "Jofka-Min-Metadata-Index" -> "0";
            default -> scalar(contract.resolve(schema)).asText();
        };
    }

    /** A value that the schema does not take; empty when the schema takes all. */
    List<String> wrong(JsonNode schema) {
        List<String> wrong = new ArrayList<>();
        switch (schema.path("type").asText()) {
            case "integer" -> {
                wrong.addAll(List.of("abc", "1.5", "1e3", "99999999999999999999", "", "+1", " 1"));
                if (schema.has("minimum")) {
                    wrong.add(Long.toString(schema.path("minimum").asLong() - 1));
                }
                if (schema.has("maximum")) {
                    wrong.add(Long.toString(schema.path("maximum").asLong() + 1));
                }
            }
            case "boolean" -> wrong.addAll(List.of("maybe", "TRUE", "1", ""));
            default -> {
                if (schema.has("enum")) {
                    wrong.addAll(List.of("nope", "ALL ", ""));
                } else if (schema.path("format").asText().equals("date-time")) {
                    wrong.addAll(List.of("yesterday", "2026-13-01T00:00:00Z", "2026-01-01"));
                }
            }
        }
        return wrong;
    }

    private JsonNode scalar(JsonNode schema) {
        if (schema.has("enum")) {
            return schema.path("enum").get(random.nextInt(schema.path("enum").size()));
        }
        return switch (schema.path("type").asText()) {
            case "integer" -> {
                long min = schema.path("minimum").asLong(0);
                long max = Math.min(schema.path("maximum").asLong(1_000), min + 1_000);
                yield mapper.getNodeFactory().numberNode(min + (long) (random.nextDouble() * (max - min + 1)));
            }
            case "boolean" -> mapper.getNodeFactory().booleanNode(random.nextBoolean());
            case "array" -> mapper.getNodeFactory().textNode("a");
            default -> {
                if (schema.path("format").asText().equals("date-time")) {
                    yield mapper.getNodeFactory().textNode("2026-01-01T00:00:00Z");
                }
                boolean base64 = schema.path("format").asText().equals("byte");
                yield mapper.getNodeFactory().textNode(base64 ? "AAE=" : "x" + random.nextInt(1_000));
            }
        };
    }

    /** A body that fits the schema in form; what it means may still be refused. */
    JsonNode body(JsonNode schema) {
        JsonNode resolved = contract.resolve(schema);
        if (!resolved.has("type")) {
            return mapper.getNodeFactory().textNode(strange());
        }
        switch (resolved.path("type").asText()) {
            case "array" -> {
                ArrayNode items = mapper.createArrayNode();
                int count = Math.max(resolved.path("minItems").asInt(0), random.nextInt(3));
                for (int i = 0; i < count; i++) {
                    items.add(body(resolved.path("items")));
                }
                return items;
            }
            case "object" -> {
                ObjectNode object = mapper.createObjectNode();
                List<String> required = new ArrayList<>();
                resolved.path("required").forEach(name -> required.add(name.asText()));
                resolved.path("properties").properties().forEach(member -> {
                    if (required.contains(member.getKey()) || random.nextBoolean()) {
                        object.set(member.getKey(), body(member.getValue()));
                    }
                });
                return object;
            }
            default -> {
                return scalar(resolved);
            }
        }
    }

    /** A body that breaks the schema at one place; null when there is none to break. */
    @org.jspecify.annotations.Nullable
    JsonNode brokenBody(JsonNode schema) {
        JsonNode resolved = contract.resolve(schema);
        if (!(body(schema) instanceof ObjectNode object)) {
            return null;
        }
        List<String> typed = new ArrayList<>();
        resolved.path("properties").properties().forEach(member -> {
            if (contract.resolve(member.getValue()).has("type")) {
                typed.add(member.getKey());
            }
        });
        if (typed.isEmpty()) {
            return null;
        }
        String name = typed.get(random.nextInt(typed.size()));
        String type = contract.resolve(resolved.path("properties").path(name))
                .path("type")
                .asText();
        switch (random.nextInt(3)) {
            case 0 -> object.set(name, wrongType(type));
            case 1 -> {
                JsonNode required = resolved.path("required");
                if (required.isEmpty()) {
                    object.set(name, wrongType(type));
                } else {
                    object.remove(required.get(random.nextInt(required.size())).asText());
                }
            }
            default -> object.put("noSuchMember" + random.nextInt(9), 1);
        }
        return object;
    }

    private JsonNode wrongType(String type) {
        return switch (type) {
            case "string" -> mapper.createArrayNode().add(7);
            case "integer" -> mapper.getNodeFactory().textNode("seven");
            case "boolean" -> mapper.getNodeFactory().textNode("yes");
            case "array" -> mapper.getNodeFactory().numberNode(7);
            default -> mapper.getNodeFactory().textNode("no object");
        };
    }
}
