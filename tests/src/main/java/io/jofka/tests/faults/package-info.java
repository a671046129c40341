/** Faults on real processes under load, and what must hold after them. */
@NullMarked
package io.jofka.tests.faults;

import org.jspecify.annotations.NullMarked;
