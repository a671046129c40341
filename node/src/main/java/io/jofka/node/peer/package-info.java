/** The network between nodes: gRPC, served by Helidon for control and by Netty for bulk. */
@org.jspecify.annotations.NullMarked
package io.jofka.node.peer;
