/** What happens on the node, as it happens: the ring of events and its streams. */
@NullMarked
package io.jofka.node.live;

import org.jspecify.annotations.NullMarked;
