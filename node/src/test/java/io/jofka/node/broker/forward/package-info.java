@NullMarked
package io.jofka.node.broker.forward;

import org.jspecify.annotations.NullMarked;
