/// Tests of this package.
@NullMarked
package dev.storemesh.http.route;

import org.jspecify.annotations.NullMarked;
