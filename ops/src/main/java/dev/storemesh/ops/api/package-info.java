/// A client of a node's HTTP API for commands and importers. Start reading at [dev.storemesh.ops.api.ApiClient].
@NullMarked
package dev.storemesh.ops.api;

import org.jspecify.annotations.NullMarked;
