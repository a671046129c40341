@NullMarked
package io.jofka.tests.history;

import org.jspecify.annotations.NullMarked;
