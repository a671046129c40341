@NullMarked
package io.jofka.tests;

import org.jspecify.annotations.NullMarked;
