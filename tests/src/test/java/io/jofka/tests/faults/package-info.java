/** Tests of the fault bench's pure parts. */
@NullMarked
package io.jofka.tests.faults;

import org.jspecify.annotations.NullMarked;
