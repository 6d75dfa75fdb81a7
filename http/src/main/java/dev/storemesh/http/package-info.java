/// The HTTP server in front of a node's ports. Start reading at [dev.storemesh.http.HttpServer], which binds, and at
/// `route.Router`, which answers.
@NullMarked
package dev.storemesh.http;

import org.jspecify.annotations.NullMarked;
