package io.jofka.node.rest.data.produce;

import io.helidon.http.HeaderName;
import io.helidon.http.HeaderNames;
import io.helidon.http.ServerRequestHeaders;
import io.jofka.api.fault.Fault;
import io.jofka.node.rest.Refusal;
import io.jofka.node.rest.data.exchange.Numbers;
import org.jspecify.annotations.Nullable;

/** Who writes, for de-duplication by the log (KIP-98): the fields go into the batch header. */
public record Producer(long id, short epoch, int sequence) {
    private static final HeaderName ID = HeaderNames.create("Producer-Id");
    private static final HeaderName EPOCH = HeaderNames.create("Producer-Epoch");
    private static final HeaderName SEQUENCE = HeaderNames.create("Producer-Seq");

    /** The three headers; null when none is there. Refuses some of them, or values out of range, with 400. */
    static @Nullable Producer of(ServerRequestHeaders headers) {
        boolean id = headers.contains(ID);
        boolean epoch = headers.contains(EPOCH);
        boolean sequence = headers.contains(SEQUENCE);
        if (!id && !epoch && !sequence) {
            return null;
        }
        if (!id || !epoch || !sequence) {
            throw new Refusal(
                    Fault.INVALID_PARAMETER, "Producer-Id, Producer-Epoch and Producer-Seq must be given together.");
        }
        return new Producer(number(headers, ID, Long.MAX_VALUE), (short) number(headers, EPOCH, Short.MAX_VALUE), (int)
                number(headers, SEQUENCE, Integer.MAX_VALUE));
    }

    private static long number(ServerRequestHeaders headers, HeaderName name, long max) {
        String text = headers.get(name).get();
        long value = headers.get(name).valueCount() == 1 ? Numbers.whole(text).orElse(-1) : -1;
        if (value < 0 || value > max) {
            throw new Refusal(
                    Fault.INVALID_PARAMETER,
                    "Header " + name.defaultCase() + " must be one whole number from 0 to " + max + ".");
        }
        return value;
    }
}
