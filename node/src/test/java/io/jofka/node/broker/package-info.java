@NullMarked
package io.jofka.node.broker;

import org.jspecify.annotations.NullMarked;
