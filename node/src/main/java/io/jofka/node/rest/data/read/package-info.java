@NullMarked
package io.jofka.node.rest.data.read;

import org.jspecify.annotations.NullMarked;
