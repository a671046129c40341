@NullMarked
package io.jofka.api;

import org.jspecify.annotations.NullMarked;
