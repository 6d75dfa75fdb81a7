/// Objects with their whole history, readable at any version. Start at
/// [dev.storemesh.protocol.object.VersionedObjects].
@NullMarked
package dev.storemesh.protocol.object;

import org.jspecify.annotations.NullMarked;
