/// One node of a site: its settings, its home folder, how it starts and stops. Start reading at [Node].
@NullMarked
package dev.storemesh.node.site;

import org.jspecify.annotations.NullMarked;
