package io.jofka.node.boot;

import java.util.Map;
import java.util.function.UnaryOperator;

/** What our settings mean in Helidon's own keys; limits are set on the server's builder instead. */
final class HelidonKeys {
    private HelidonKeys() {}

    static Map<String, String> derive(UnaryOperator<String> raw) {
        return Map.of("server.host", raw.apply("server.address"));
    }
}
