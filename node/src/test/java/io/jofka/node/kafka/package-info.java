@NullMarked
package io.jofka.node.kafka;

import org.jspecify.annotations.NullMarked;
