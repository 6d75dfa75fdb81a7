/// What a client asks to be changed. Start at [dev.storemesh.protocol.write.Operation].
@NullMarked
package dev.storemesh.protocol.write;

import org.jspecify.annotations.NullMarked;
