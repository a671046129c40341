@NullMarked
package io.helidon.microprofile.server;

import org.jspecify.annotations.NullMarked;
