@NullMarked
package io.jofka.tests.hostile;

import org.jspecify.annotations.NullMarked;
