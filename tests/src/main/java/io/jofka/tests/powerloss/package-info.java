@NullMarked
package io.jofka.tests.powerloss;

import org.jspecify.annotations.NullMarked;
