/** Serves every partition at every node: asks the leader over {@link io.jofka.node.common.Net} where that is another node. */
@NullMarked
package io.jofka.node.broker.forward;

import org.jspecify.annotations.NullMarked;
