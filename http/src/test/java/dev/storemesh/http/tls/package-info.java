/// Tests of this package.
@NullMarked
package dev.storemesh.http.tls;

import org.jspecify.annotations.NullMarked;
