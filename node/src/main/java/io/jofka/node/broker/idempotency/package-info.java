@NullMarked
package io.jofka.node.broker.idempotency;

import org.jspecify.annotations.NullMarked;
