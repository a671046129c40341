@org.jspecify.annotations.NullMarked
package io.jofka.node.peer;
