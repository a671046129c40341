package io.jofka.tests.experiments;

import static org.hamcrest.MatcherAssert.assertThat;
import static org.hamcrest.Matchers.greaterThan;
import static org.hamcrest.Matchers.is;

import io.jofka.tests.harness.NodeProcess;
import java.util.Map;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/** Write 5 MiB, then 5 GiB in small segments, into one partition; read it all. */
@Tag("experiments")
class Experiment01SegmentsIT {
    private static final int RECORD_BYTES = 1 << 10;

    @Test
    void fiveMebibytesInSmallSegments() throws Exception {
        writeAndRead(5 << 20, 1 << 20);
    }

    @Test
    @Tag("scale")
    void fiveGibibytesInSmallSegments() throws Exception {
        writeAndRead(5L << 30, 16 << 20);
    }

    private static void writeAndRead(long bytes, int segmentBytes) throws Exception {
        try (NodeProcess node = NodeProcess.start("experiment01")) {
            node.api().createTopic("big", 1, Map.of("segment.bytes", Integer.toString(segmentBytes)));
            int count = Math.toIntExact(bytes / RECORD_BYTES);
            try (var producer = Records.producer(node.kafka(), "all")) {
                String fill = "x".repeat(RECORD_BYTES);
                for (int from = 0; from < count; from += 10_000) {
                    Records.await(Records.send(producer, "big", from, Math.min(count, from + 10_000), fill));
                }
            }
            assertThat(Records.read(node.kafka(), "big", 1), is(Records.numbers(count)));
            int segments = node.api()
                    .get("/topics/big/partitions/0/segments")
                    .orFail()
                    .json()
                    .get("total")
                    .asInt();
            assertThat(segments, greaterThan((int) (bytes / segmentBytes / 2)));
        }
    }
}
