@NullMarked
package io.jofka.node.peer;

import org.jspecify.annotations.NullMarked;
