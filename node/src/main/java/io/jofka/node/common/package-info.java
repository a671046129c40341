@NullMarked
package io.jofka.node.common;

import org.jspecify.annotations.NullMarked;
