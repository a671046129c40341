@NullMarked
package io.jofka.node.rest;

import org.jspecify.annotations.NullMarked;
