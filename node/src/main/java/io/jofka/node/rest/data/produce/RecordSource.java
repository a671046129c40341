package io.jofka.node.rest.data.produce;

import io.jofka.node.rest.data.exchange.Body;

/** A form of request body: turns its bytes into records. */
@FunctionalInterface
interface RecordSource {
    /** Adds all records, or refuses the request; may be called again for the same body. */
    void read(Body body, Collected into);
}
