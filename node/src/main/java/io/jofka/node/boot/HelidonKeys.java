package io.jofka.node.boot;

import java.time.Duration;
import java.util.HashMap;
import java.util.Map;
import java.util.function.UnaryOperator;

/** What our settings mean in Helidon's own keys and units. */
final class HelidonKeys {
    /** Helidon's key, our key. */
    private static final Map<String, String> NUMBERS = Map.of(
            "server.max-payload-size", "jofka.rest.max-body",
            "server.max-tcp-connections", "jofka.rest.max-connections",
            "server.max-concurrent-requests", "jofka.rest.max-concurrent",
            "server.protocols.http_1_1.max-headers-size", "jofka.rest.max-headers");

    private static final Map<String, String> DURATIONS = Map.of(
            "server.idle-connection-timeout", "jofka.rest.idle",
            "server.connection-options.read-timeout", "jofka.rest.read-timeout");

    private HelidonKeys() {}

    /** Values that cannot be read are left out here: {@link Settings#read} tells all faults in one place. */
    static Map<String, String> derive(UnaryOperator<String> raw) {
        Map<String, String> derived = new HashMap<>();
        derived.put("server.host", raw.apply("server.address"));
        NUMBERS.forEach((helidon, ours) -> put(derived, helidon, ours, raw, Long::toString));
        DURATIONS.forEach((helidon, ours) ->
                put(derived, helidon, ours, raw, ms -> Duration.ofMillis(ms).toString()));
        return Map.copyOf(derived);
    }

    private static void put(
            Map<String, String> into,
            String helidon,
            String ours,
            UnaryOperator<String> raw,
            java.util.function.LongFunction<String> form) {
        Setting setting = SettingsTable.byKey(ours);
        String value = raw.apply(ours);
        if (setting.fault(value).isEmpty()) {
            into.put(helidon, form.apply(setting.parse(value)));
        }
    }
}
