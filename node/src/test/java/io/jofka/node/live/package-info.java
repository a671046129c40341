@NullMarked
package io.jofka.node.live;

import org.jspecify.annotations.NullMarked;
