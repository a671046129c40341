@NullMarked
package io.jofka.node.consensus;

import org.jspecify.annotations.NullMarked;
