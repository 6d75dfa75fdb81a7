/// The demo's decisions and texts, tested without a process. Whole demos are tested in `dev.storemesh.ops.site`.
@NullMarked
package dev.storemesh.ops.demo;

import org.jspecify.annotations.NullMarked;
