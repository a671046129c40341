/** The launcher as a newcomer uses it. */
@NullMarked
package io.jofka.tests.launcher;

import org.jspecify.annotations.NullMarked;
