/** Fourteen experiments that systems of this kind were seen to fail, one class each; those on groups are elsewhere. */
@NullMarked
package io.jofka.tests.experiments;

import org.jspecify.annotations.NullMarked;
