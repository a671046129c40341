@NullMarked
package io.jofka.tests.harness;

import org.jspecify.annotations.NullMarked;
