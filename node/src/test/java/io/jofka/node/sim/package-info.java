/** The simulated world that tests of every layer share: disk, clock and chance, all from one seed. */
@NullMarked
package io.jofka.node.sim;

import org.jspecify.annotations.NullMarked;
