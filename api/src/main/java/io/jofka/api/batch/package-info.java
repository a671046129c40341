@NullMarked
package io.jofka.api.batch;

import org.jspecify.annotations.NullMarked;
