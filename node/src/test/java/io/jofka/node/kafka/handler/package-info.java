@NullMarked
package io.jofka.node.kafka.handler;

import org.jspecify.annotations.NullMarked;
