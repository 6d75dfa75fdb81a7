/// What clients carry and cannot change: where a paged read goes on, and the lock of a transaction. Start at
/// [dev.storemesh.protocol.page.PageTokens].
@NullMarked
package dev.storemesh.protocol.page;

import org.jspecify.annotations.NullMarked;
