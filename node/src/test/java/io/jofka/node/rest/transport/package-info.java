@NullMarked
package io.jofka.node.rest.transport;

import org.jspecify.annotations.NullMarked;
