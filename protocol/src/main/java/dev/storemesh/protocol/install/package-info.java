/// How declared types, definitions, constraints and locations, one by one or in the package of an app, become
/// ordinary writes. Start at [dev.storemesh.protocol.install.SchemaWrites].
@NullMarked
package dev.storemesh.protocol.install;

import org.jspecify.annotations.NullMarked;
