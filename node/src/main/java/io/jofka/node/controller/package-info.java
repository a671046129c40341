@NullMarked
package io.jofka.node.controller;

import org.jspecify.annotations.NullMarked;
