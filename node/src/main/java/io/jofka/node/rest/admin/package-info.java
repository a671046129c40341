/** The administrative operations: JAX-RS resources on JSON-B records, and the small services around them. */
@NullMarked
package io.jofka.node.rest.admin;

import org.jspecify.annotations.NullMarked;
