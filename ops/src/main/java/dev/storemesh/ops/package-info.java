/// The `storemesh` command line. Start reading at [dev.storemesh.ops.Main].
@NullMarked
package dev.storemesh.ops;

import org.jspecify.annotations.NullMarked;
