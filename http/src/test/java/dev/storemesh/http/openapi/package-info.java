/// Tests of this package.
@NullMarked
package dev.storemesh.http.openapi;

import org.jspecify.annotations.NullMarked;
