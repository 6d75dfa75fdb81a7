/// The OpenAPI 3.1 document of the API, written by hand and held against the routes by a test.
@NullMarked
package dev.storemesh.http.openapi;

import org.jspecify.annotations.NullMarked;
