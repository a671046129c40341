package io.jofka.openapi;

import static org.hamcrest.MatcherAssert.assertThat;
import static org.hamcrest.Matchers.aMapWithSize;
import static org.hamcrest.Matchers.empty;
import static org.hamcrest.Matchers.greaterThan;
import static org.hamcrest.Matchers.hasSize;
import static org.hamcrest.Matchers.is;

import com.fasterxml.jackson.databind.JsonNode;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;

/** The rules under which four client generators make working clients of the document. */
class DocumentRulesTest {
    private static final Set<String> FORBIDDEN_SCHEMAS =
            Set.of("Record", "JsonValue", "Error", "Map", "Object", "List", "String", "Exception");
    private static final Pattern SCHEMA_NAME = Pattern.compile("[A-Z][A-Za-z0-9]*");
    private static final Pattern OPERATION_ID = Pattern.compile("[a-z]+([A-Z][a-z0-9]+)+");
    private static final Pattern PATH_PARAMETER = Pattern.compile("\\{(\\w+)}");
    private static final Map<String, Set<String>> FORMATS = Map.of(
            "integer", Set.of("int32", "int64"),
            "number", Set.of("float", "double"),
            "string", Set.of("byte", "binary", "date-time", "uuid", "password"));

    private final Document document = Document.load();
    private final List<String> faults = new ArrayList<>();

    @Test
    void theDocumentIsOpenApi303() {
        assertThat(document.root().path("openapi").asText(), is("3.0.3"));
        assertThat(document.operations(), hasSize(greaterThan(80)));
    }

    @Test
    void everyReferenceResolvesAndEveryComponentIsUsed() {
        Set<String> used = new HashSet<>();
        Document.walk("", document.root(), (at, node) -> {
            JsonNode ref = node.path("$ref");
            if (ref.isTextual()) {
                used.add(ref.asText());
                if (document.root().at(ref.asText().substring(1)).isMissingNode()) {
                    faults.add(at + " -> " + ref.asText());
                }
                if (node.size() != 1) {
                    faults.add(at + ": members beside $ref are ignored by generators");
                }
            }
        });
        document.root()
                .path("components")
                .properties()
                .forEach(kind -> kind.getValue().fieldNames().forEachRemaining(name -> {
                    String ref = "#/components/" + kind.getKey() + "/" + name;
                    if (!used.contains(ref)) {
                        faults.add(ref + " is not used");
                    }
                }));
        assertThat(faults, empty());
    }

    @Test
    void thereIsNoCompositionAndNullableStandsOnlyBesideAPlainType() {
        Document.walk("", document.root(), (at, node) -> {
            for (String word : List.of("oneOf", "allOf", "anyOf", "not", "discriminator")) {
                if (node.has(word)) {
                    faults.add(at + "/" + word);
                }
            }
            if (node.has("nullable") && !isPlain(node)) {
                faults.add(at + "/nullable");
            }
        });
        assertThat(faults, empty());
    }

    private static boolean isPlain(JsonNode node) {
        return Set.of("string", "integer", "number", "boolean")
                .contains(node.path("type").asText());
    }

    @Test
    void schemaNamesClashInNoLanguage() {
        Set<String> folded = new HashSet<>();
        document.schemas().fieldNames().forEachRemaining(name -> {
            if (!SCHEMA_NAME.matcher(name).matches() || FORBIDDEN_SCHEMAS.contains(name) || name.startsWith("New")) {
                faults.add(name);
            }
            if (!folded.add(name.toLowerCase(java.util.Locale.ROOT))) {
                faults.add(name + " differs from another by case only");
            }
        });
        assertThat(faults, empty());
    }

    @Test
    void everyObjectHasANameAndOpenValuesHaveNoType() {
        document.schemas().properties().forEach(schema -> checkMembers(schema.getKey(), schema.getValue()));
        for (Document.Operation operation : document.operations()) {
            Document.walk(operation.id(), operation.node(), (at, node) -> {
                if (at.endsWith("/schema") && node.path("type").asText().equals("object")) {
                    faults.add(at + " is an object without a name");
                }
            });
        }
        assertThat(faults, empty());
    }

    private void checkMembers(String at, JsonNode schema) {
        schema.path("properties").properties().forEach(p -> noObject(at + "." + p.getKey(), p.getValue()));
        JsonNode additional = schema.path("additionalProperties");
        if (additional.isObject()) {
            noObject(at + ".*", additional);
        }
    }

    private void noObject(String at, JsonNode member) {
        if (member.path("type").asText().equals("object") || member.has("properties")) {
            faults.add(at + " is an object without a name");
        }
        if (member.has("items")) {
            noObject(at + "[]", member.path("items"));
        }
    }

    @Test
    void everyNumberHasAFormatAndEveryFormatIsKnown() {
        Document.walk("", document.root(), (at, node) -> {
            String type = node.path("type").asText();
            String format = node.path("format").asText("");
            boolean number = type.equals("integer") || type.equals("number");
            boolean schema = FORMATS.containsKey(type) && node.path("type").isTextual();
            if (schema && number && format.isEmpty()) {
                faults.add(at + " has no format");
            }
            if (schema
                    && !format.isEmpty()
                    && !FORMATS.getOrDefault(type, Set.of()).contains(format)) {
                faults.add(at + " has format " + format);
            }
        });
        assertThat(faults, empty());
    }

    @Test
    void requiredMembersExist() {
        document.schemas()
                .properties()
                .forEach(schema -> schema.getValue().path("required").forEach(name -> {
                    if (!schema.getValue().path("properties").has(name.asText())) {
                        faults.add(schema.getKey() + "." + name.asText());
                    }
                }));
        assertThat(faults, empty());
    }

    @Test
    void everyOperationHasOneTagAGoodIdASummaryAndAProblem() {
        Map<String, String> ids = new HashMap<>();
        Set<String> tags = new HashSet<>();
        document.root().path("tags").forEach(t -> tags.add(t.path("name").asText()));
        for (Document.Operation operation : document.operations()) {
            String id = operation.id();
            if (!OPERATION_ID.matcher(id).matches()
                    || id.endsWith("Raw")
                    || id.endsWith("Async")
                    || id.endsWith("WithHttpInfo")
                    || ids.put(id, operation.path()) != null) {
                faults.add("operationId " + id);
            }
            JsonNode tag = operation.node().path("tags");
            if (tag.size() != 1 || !tags.contains(tag.path(0).asText())) {
                faults.add(id + ": tags " + tag);
            }
            if (operation.node().path("summary").asText("").isEmpty()) {
                faults.add(id + ": no summary");
            }
            String problem = operation.node().at("/responses/default/$ref").asText();
            if (!problem.equals("#/components/responses/Problem")) {
                faults.add(id + ": default is not Problem");
            }
            JsonNode status = operation.node().path("x-status");
            if (!status.isMissingNode() && !status.asText().equals("planned")) {
                faults.add(id + ": x-status " + status);
            }
        }
        assertThat(faults, empty());
        assertThat(ids, aMapWithSize(document.operations().size()));
    }

    @Test
    void parametersFitTheirPathAndListsDoNotExplode() {
        for (Document.Operation operation : document.operations()) {
            Set<String> inPath = new HashSet<>();
            Matcher matcher = PATH_PARAMETER.matcher(operation.path());
            while (matcher.find()) {
                inPath.add(matcher.group(1));
            }
            Set<String> declared = new HashSet<>();
            Set<String> all = new HashSet<>();
            for (JsonNode parameter : document.parameters(operation)) {
                String name = parameter.path("name").asText();
                String in = parameter.path("in").asText();
                if (!all.add(in + " " + name)) {
                    faults.add(operation.id() + ": " + name + " twice");
                }
                if (in.equals("path")) {
                    declared.add(name);
                }
                if (parameter.path("schema").path("type").asText().equals("array")
                        && parameter.path("explode").asBoolean(true)) {
                    faults.add(operation.id() + ": " + name + " explodes");
                }
                if (parameter.path("description").asText("").isEmpty()) {
                    faults.add(operation.id() + ": " + name + " has no description");
                }
            }
            if (!inPath.equals(declared)) {
                faults.add(operation.id() + ": path " + inPath + " declares " + declared);
            }
        }
        assertThat(faults, empty());
    }

    @Test
    void everyStreamIsTextOrBytesWithItsItemNamedAndHasAPageTwin() {
        for (Document.Operation operation : document.operations()) {
            Document.walk(operation.id(), operation.node(), (at, node) -> {
                boolean events = at.endsWith("/text~1event-stream");
                boolean lines = at.endsWith("/application~1x-ndjson");
                if (!events && !lines) {
                    return;
                }
                JsonNode schema = node.path("schema");
                if (!schema.path("type").asText().equals("string")
                        || (lines && !schema.path("format").asText().equals("binary"))
                        || !node.path("x-item-schema").has("$ref")) {
                    faults.add(at);
                }
                boolean twin = at.contains("/responses/") && !at.startsWith("streamMemberRecords");
                String json = "/responses/200/content/application~1json";
                if (twin && operation.node().at(json).isMissingNode()) {
                    faults.add(at + " has no page twin");
                }
            });
        }
        assertThat(faults, empty());
    }
}
