/** Metadata snapshots as H2 databases that a person can open with SQL; the only package that knows H2. */
@NullMarked
package io.jofka.node.storage.snapshot;

import org.jspecify.annotations.NullMarked;
