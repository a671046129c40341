/** The HTTP listener under hostile callers: limits of the web server, and a guard over its connections. */
@NullMarked
package io.jofka.node.rest.transport;

import org.jspecify.annotations.NullMarked;
