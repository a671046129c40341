@NullMarked
package io.jofka.node.rest.data;

import org.jspecify.annotations.NullMarked;
