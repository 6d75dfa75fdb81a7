/// Whether a store holds what HQ holds: who asks for it, what came of it, and when it is due. Start at
/// [dev.storemesh.protocol.verify.Verification].
@NullMarked
package dev.storemesh.protocol.verify;

import org.jspecify.annotations.NullMarked;
