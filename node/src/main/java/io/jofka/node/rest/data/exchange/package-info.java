@NullMarked
package io.jofka.node.rest.data.exchange;

import org.jspecify.annotations.NullMarked;
