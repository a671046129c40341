@NullMarked
package io.jofka.node.rest.admin;

import org.jspecify.annotations.NullMarked;
