@NullMarked
package io.jofka.api.fault;

import org.jspecify.annotations.NullMarked;
