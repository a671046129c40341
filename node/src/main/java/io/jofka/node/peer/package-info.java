/** The network between nodes: gRPC, served by Helidon for control and by Netty for bulk. */
@NullMarked
package io.jofka.node.peer;

import org.jspecify.annotations.NullMarked;
