/** JMH benchmarks; run {@code org.openjdk.jmh.Main} on the module's class path. */
@NullMarked
package io.jofka.tests.jmh;

import org.jspecify.annotations.NullMarked;
