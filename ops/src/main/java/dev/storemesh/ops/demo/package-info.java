/// `storemesh demo`: a whole little chain on one machine. Start reading at [dev.storemesh.ops.demo.Demo].
@NullMarked
package dev.storemesh.ops.demo;

import org.jspecify.annotations.NullMarked;
