/// Where locations have values of their own in place of the global ones: found, ended, and made the same everywhere.
/// Start at [dev.storemesh.protocol.overrides.Overrides].
@NullMarked
package dev.storemesh.protocol.overrides;

import org.jspecify.annotations.NullMarked;
