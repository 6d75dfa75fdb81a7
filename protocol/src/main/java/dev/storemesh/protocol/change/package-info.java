/// Writes made at a store that HQ decides. Start at [dev.storemesh.protocol.change.ChangeRequest].
@NullMarked
package dev.storemesh.protocol.change;

import org.jspecify.annotations.NullMarked;
