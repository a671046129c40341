package io.jofka.tests.experiments;

import static org.hamcrest.MatcherAssert.assertThat;
import static org.hamcrest.Matchers.is;

import io.jofka.tests.harness.NodeProcess;
import io.jofka.tests.harness.Rest;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/** Topic names {@code ../../x}, empty, 300 characters, {@code .}, control characters, {@code a.b} beside {@code a_b}. */
@Tag("experiments")
class Experiment12TopicNamesIT {
    @Test
    void badNamesAreRefusedAndNothingAppearsOutsideOfTheDataFolder() throws Exception {
        try (NodeProcess node = NodeProcess.start("experiment12")) {
            Path data = node.options().data();
            Path around = data.resolve("..").normalize();
            for (String name : List.of("../../x", "", "x".repeat(300), ".", "..", "a\u0001b", "a/b", "a b", "\u00e9")) {
                var body = Rest.JSON.createObjectNode().put("name", name).put("partitions", 1);
                Rest.Answer answer = node.api().post("/topics", Rest.text(body));
                assertThat(name + " " + answer.text(), answer.status(), is(422));
            }
            node.api().createTopic("a.b", 1, Map.of());
            Rest.Answer clash = node.api().post("/topics", "{\"name\":\"a_b\",\"partitions\":1}");
            assertThat(clash.text(), clash.status() / 100, is(4));
            node.api()
                    .post("/topics/a.b/records", "{\"records\":[{\"value\":1}]}")
                    .orFail();
            for (Path place : List.of(
                    data, data.resolve("log"), around, around.resolve("..").normalize())) {
                assertThat(place.toString(), Files.exists(place.resolve("x")), is(false));
            }
        }
    }
}
