package io.jofka.openapi;

import static org.hamcrest.MatcherAssert.assertThat;
import static org.hamcrest.Matchers.empty;
import static org.hamcrest.Matchers.greaterThan;
import static org.hamcrest.Matchers.hasSize;
import static org.hamcrest.Matchers.not;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import com.networknt.schema.JsonSchema;
import com.networknt.schema.JsonSchemaFactory;
import com.networknt.schema.SchemaLocation;
import com.networknt.schema.SchemaValidatorsConfig;
import com.networknt.schema.SpecVersion.VersionFlag;
import com.networknt.schema.ValidationMessage;
import com.networknt.schema.oas.OpenApi30;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import org.junit.jupiter.api.Test;

class ExamplesTest {
    private static final String AT = "https://jofka.invalid/openapi";

    private final Document document = Document.load();
    private final JsonSchemaFactory factory = JsonSchemaFactory.getInstance(
            VersionFlag.V7,
            builder -> builder.metaSchema(OpenApi30.getInstance())
                    .defaultMetaSchemaIri(OpenApi30.getInstance().getIri())
                    .schemaLoaders(loaders -> loaders.schemas(
                            iri -> iri.startsWith(AT) ? document.root().toString() : null)));

    private Set<ValidationMessage> check(String schema, JsonNode value) {
        JsonSchema compiled = factory.getSchema(
                SchemaLocation.of(AT + "#/components/schemas/" + schema),
                SchemaValidatorsConfig.builder().formatAssertionsEnabled(true).build());
        return compiled.validate(value);
    }

    @Test
    void everyExampleIsValid() {
        List<String> checked = new ArrayList<>();
        List<String> faults = new ArrayList<>();
        document.schemas().properties().forEach(schema -> {
            JsonNode example = schema.getValue().path("example");
            if (!example.isMissingNode()) {
                checked.add(schema.getKey());
                check(schema.getKey(), example).forEach(m -> faults.add(schema.getKey() + ": " + m));
            }
        });
        assertThat(checked, hasSize(greaterThan(8)));
        assertThat(faults, empty());
    }

    @Test
    void aWrongExampleWouldBeFound() {
        ObjectNode topic =
                (ObjectNode) document.schemas().path("Topic").path("example").deepCopy();
        topic.put("partitions", "six");
        assertThat(check("Topic", topic), not(empty()));
        ObjectNode problem = new ObjectMapper().createObjectNode().put("type", "/problems/internal");
        assertThat(check("Problem", problem), not(empty()));
    }
}
