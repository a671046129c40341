@NullMarked
package io.jofka.node.boot;

import org.jspecify.annotations.NullMarked;
