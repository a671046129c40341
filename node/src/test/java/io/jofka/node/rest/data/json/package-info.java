@NullMarked
package io.jofka.node.rest.data.json;

import org.jspecify.annotations.NullMarked;
