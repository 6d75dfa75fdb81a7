/// Tests of this package.
@NullMarked
package dev.storemesh.http;

import org.jspecify.annotations.NullMarked;
