package io.jofka.node.rest.admin;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.networknt.schema.JsonSchema;
import com.networknt.schema.JsonSchemaFactory;
import com.networknt.schema.SchemaLocation;
import com.networknt.schema.SchemaValidatorsConfig;
import com.networknt.schema.SpecVersion.VersionFlag;
import com.networknt.schema.oas.OpenApi30;
import io.jofka.node.rest.Contract;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.net.http.HttpResponse;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.Set;
import java.util.TreeSet;
import org.yaml.snakeyaml.Yaml;

/** Holds answers against the OpenAPI document: status, media type, body, and members that it does not know. */
public final class ContractCheck {
    private static final String AT = "https://jofka.invalid/openapi";

    private final ObjectMapper mapper = new ObjectMapper();
    private final Contract contract = new Contract();
    private final JsonNode document;
    private final JsonSchemaFactory factory;

    public ContractCheck() {
        try (InputStream in = Objects.requireNonNull(
                ContractCheck.class.getClassLoader().getResourceAsStream("META-INF/openapi.yaml"))) {
            document = mapper.valueToTree(new Yaml().load(in));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        factory = JsonSchemaFactory.getInstance(
                VersionFlag.V7,
                builder -> builder.metaSchema(OpenApi30.getInstance())
                        .defaultMetaSchemaIri(OpenApi30.getInstance().getIri())
                        .schemaLoaders(
                                loaders -> loaders.schemas(iri -> iri.startsWith(AT) ? document.toString() : null)));
    }

    public JsonNode document() {
        return document;
    }

    public Contract contract() {
        return contract;
    }

    public JsonNode resolve(JsonNode node) {
        String ref = node.path("$ref").asText("");
        return ref.isEmpty() ? node : resolve(document.at(ref.substring(1)));
    }

    public JsonNode operation(Contract.Operation operation) {
        return document.path("paths")
                .path(operation.path())
                .path(operation.method().toLowerCase(java.util.Locale.ROOT));
    }

    /** What is wrong with an answer; empty when it is as the document says. */
    public List<String> faults(String method, String path, HttpResponse<String> answer) {
        String plain = path.replaceAll("\\?.*", "").replaceAll("/$", "");
        JsonNode responses = contract.find(method, plain)
                .map(found -> operation(found).path("responses"))
                .orElseGet(mapper::createObjectNode);
        JsonNode response = resolve(responses.path(Integer.toString(answer.statusCode())));
        if (response.isMissingNode()) {
            if (answer.statusCode() < 400) {
                return List.of("status " + answer.statusCode() + " is not in the document");
            }
            response = document.at("/components/responses/Problem");
        }
        JsonNode content = response.path("content");
        if (content.isMissingNode()) {
            return answer.body().isEmpty() ? List.of() : List.of("a body where the document has none");
        }
        String type = answer.headers().firstValue("Content-Type").orElse("").replaceAll(";.*", "");
        JsonNode media = content.path(type);
        if (media.isMissingNode()) {
            return List.of("media type '" + type + "' of status " + answer.statusCode() + " is not in the document");
        }
        return type.endsWith("json") ? body(media.path("schema"), answer.body()) : List.of();
    }

    /** What is wrong with one item of a stream; empty when it is as its schema says. */
    public List<String> faultsOf(String schema, String item) {
        return body(mapper.createObjectNode().put("$ref", "#/components/schemas/" + schema), item);
    }

    private List<String> body(JsonNode schema, String text) {
        List<String> faults = new ArrayList<>();
        try {
            JsonNode body = mapper.readTree(text);
            JsonSchema compiled = factory.getSchema(
                    SchemaLocation.of(AT + schema.path("$ref").asText()),
                    SchemaValidatorsConfig.builder()
                            .formatAssertionsEnabled(true)
                            .build());
            compiled.validate(body).forEach(message -> faults.add(message.toString()));
            unknown("", body, schema, faults);
        } catch (IOException e) {
            faults.add("not JSON: " + text);
        }
        return faults;
    }

    /** Members that the document does not name: the document lets answers grow, our own answers must not run ahead. */
    private void unknown(String at, JsonNode value, JsonNode schema, List<String> faults) {
        JsonNode resolved = resolve(schema);
        if (value.isArray()) {
            value.forEach(item -> unknown(at + "[]", item, resolved.path("items"), faults));
        } else if (value.isObject() && resolved.has("properties") && !at.equals("problem")) {
            Set<String> known = new TreeSet<>();
            resolved.path("properties").fieldNames().forEachRemaining(known::add);
            value.properties().forEach(member -> {
                boolean open = schema.path("$ref").asText().endsWith("/Problem");
                if (!known.contains(member.getKey()) && !open) {
                    faults.add(at + "/" + member.getKey() + " is not in the document");
                }
                unknown(
                        at + "/" + member.getKey(),
                        member.getValue(),
                        resolved.path("properties").path(member.getKey()),
                        faults);
            });
        }
    }
}
