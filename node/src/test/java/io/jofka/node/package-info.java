@NullMarked
package io.jofka.node;

import org.jspecify.annotations.NullMarked;
