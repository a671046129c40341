/** Three nodes under load lose processes, disks and the network between them. */
@NullMarked
package io.jofka.tests.cluster;

import org.jspecify.annotations.NullMarked;
