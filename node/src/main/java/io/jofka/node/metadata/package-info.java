@NullMarked
package io.jofka.node.metadata;

import org.jspecify.annotations.NullMarked;
