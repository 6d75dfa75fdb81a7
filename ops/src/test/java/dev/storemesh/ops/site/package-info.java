/// What a user sees of whole sites: real processes, spoken to over HTTP alone. Start reading at
/// [dev.storemesh.ops.site.OneLineEndToEndTest]; [dev.storemesh.ops.site.SiteProcess] is the harness.
@NullMarked
package dev.storemesh.ops.site;

import org.jspecify.annotations.NullMarked;
