@NullMarked
package io.jofka.node.rest.data.produce;

import org.jspecify.annotations.NullMarked;
