@NullMarked
package io.jofka.tests.workload;

import org.jspecify.annotations.NullMarked;
