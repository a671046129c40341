@NullMarked
package io.jofka.tests.bench;

import org.jspecify.annotations.NullMarked;
