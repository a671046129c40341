/** One class for each API of the Kafka protocol, translating between the codec's messages and the node's services. */
@NullMarked
package io.jofka.node.kafka.handler;

import org.jspecify.annotations.NullMarked;
