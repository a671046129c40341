package io.jofka.node.kafka;

import static org.hamcrest.MatcherAssert.assertThat;
import static org.hamcrest.Matchers.empty;
import static org.hamcrest.Matchers.greaterThan;
import static org.hamcrest.Matchers.is;

import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.apache.kafka.common.message.ApiVersionsRequestData;
import org.apache.kafka.common.message.ApiVersionsResponseData;
import org.apache.kafka.common.protocol.ApiKeys;
import org.apache.kafka.common.protocol.ApiMessage;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** Every announced API in every announced version: what the codec refuses to write in a version kills clients. */
final class SweepTest {
    private TestNode node;

    @BeforeEach
    void open() throws IOException {
        node = new TestNode();
        node.cluster.add("t", 2, Map.of("retention.ms", "1000"));
    }

    @AfterEach
    void close() throws IOException {
        node.close();
    }

    @Test
    void everyAnnouncedVersionOfEveryApiIsAnsweredInItsOwnForm() throws IOException {
        List<String> failures = new ArrayList<>();
        Samples samples = new Samples(node.cluster);
        int calls = 0;
        for (Api<?> api : node.apis.all()) {
            for (int version = api.oldestVersion(); version <= api.newestVersion(); version++) {
                ApiKeys key = api.key();
                for (ApiMessage request : List.of(
                        samples.of(key, version, "t"), samples.of(key, version, "absent"), Samples.defaults(key))) {
                    boolean answered = !(key == ApiKeys.PRODUCE && request.equals(Samples.defaults(key)));
                    calls++;
                    try (Wire wire = node.connect()) {
                        if (answered) {
                            wire.call(key, version, request);
                        } else {
                            wire.send(key, version, 1, request);
                        }
                        wire.call(ApiKeys.API_VERSIONS, 0, new ApiVersionsRequestData());
                    } catch (IOException | RuntimeException e) {
                        failures.add(key + " v" + version + " " + request + ": " + e);
                    }
                }
            }
        }
        assertThat(failures, empty());
        assertThat(calls, greaterThan(300));
        assertThat("no handler failed", node.counter("jofka.kafka.faults"), is(0.0));
    }

    @Test
    void whatIsAnnouncedIsWhatIsServed() throws IOException {
        try (Wire wire = node.connect()) {
            ApiVersionsResponseData announced = wire.call(
                    ApiVersionsResponseData.class, ApiKeys.API_VERSIONS, 3, Samples.defaults(ApiKeys.API_VERSIONS));
            List<String> announcedRanges = announced.apiKeys().stream()
                    .map(key -> key.apiKey() + " " + key.minVersion() + "-" + key.maxVersion())
                    .sorted()
                    .toList();
            List<String> served = node.apis.all().stream()
                    .map(api -> api.key().id + " " + (api.key() == ApiKeys.PRODUCE ? 0 : api.oldestVersion()) + "-"
                            + api.newestVersion())
                    .sorted()
                    .toList();
            assertThat(announcedRanges, is(served));
        }
    }
}
