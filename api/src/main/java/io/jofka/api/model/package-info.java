/** The values of the administrative REST operations, named as in the OpenAPI document. Absent is null. */
@NullMarked
package io.jofka.api.model;

import org.jspecify.annotations.NullMarked;
