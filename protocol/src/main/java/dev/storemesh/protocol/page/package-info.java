/// Where a paged read goes on. Start at [dev.storemesh.protocol.page.PageTokens].
@NullMarked
package dev.storemesh.protocol.page;

import org.jspecify.annotations.NullMarked;
