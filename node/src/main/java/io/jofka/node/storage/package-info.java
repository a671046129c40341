@NullMarked
package io.jofka.node.storage;

import org.jspecify.annotations.NullMarked;
