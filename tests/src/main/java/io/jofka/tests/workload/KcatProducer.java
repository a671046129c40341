package io.jofka.tests.workload;

import io.jofka.tests.harness.Commands;
import io.jofka.tests.history.Event;
import io.jofka.tests.history.RecordId;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;

/**
 * kcat (librdkafka), one run after another with a few records each; idempotent within a run. It tells of no offsets, only
 * whether all of a run were delivered.
 */
final class KcatProducer extends Client {
    private static final int RECORDS = 10;

    private final int fill;

    KcatProducer(Target target, String name, int fill) {
        super(target, name);
        this.fill = fill;
        target.history().idempotent(name);
    }

    @Override
    void step() {
        List<RecordId> ids = new ArrayList<>();
        StringBuilder lines = new StringBuilder();
        for (int i = 0; i < RECORDS; i++) {
            RecordId id = next();
            ids.add(id);
            lines.append(Target.key(id))
                    .append('=')
                    .append(Payload.of(id, fill))
                    .append('\n');
        }
        List<String> command = List.of(
                "kcat",
                "-P",
                "-b",
                target.kafka(),
                "-t",
                target.topic(),
                "-K=",
                "-X",
                "acks=all",
                "-X",
                "enable.idempotence=true",
                "-X",
                "delivery.timeout.ms=" + PATIENCE.toMillis());
        Commands.Result result = Commands.run(
                PATIENCE.plusSeconds(20),
                command,
                lines.toString().getBytes(StandardCharsets.UTF_8),
                Map.of(),
                Path.of("."));
        // after a fatal error of the client it ends with 0 and does not wait for what is on its way
        boolean delivered = result.exit() == 0
                && !result.err().contains("Delivery failed")
                && !result.err().contains("terminating");
        ids.forEach(id -> target.history().add(delivered ? new Event.Stored(id) : new Event.Unknown(id)));
        until(System.nanoTime() + Duration.ofMillis(500).toNanos());
    }
}
