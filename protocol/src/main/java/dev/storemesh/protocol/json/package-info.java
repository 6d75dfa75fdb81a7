/// Strict reading and canonical writing of JSON. Start at [dev.storemesh.protocol.json.Json].
@NullMarked
package dev.storemesh.protocol.json;

import org.jspecify.annotations.NullMarked;
