@NullMarked
package io.jofka.node.partition;

import org.jspecify.annotations.NullMarked;
