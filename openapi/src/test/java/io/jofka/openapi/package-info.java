@NullMarked
package io.jofka.openapi;

import org.jspecify.annotations.NullMarked;
