/// Targets for a fuzzer (Jazzer, profile `fuzz`): what everybody may send, byte by byte. They need nothing of Jazzer
/// to compile, and `FuzzTargetsTest` runs each over its seeds and over all that was ever found, in every build.
@NullMarked
package dev.storemesh.protocol.fuzz;

import org.jspecify.annotations.NullMarked;
