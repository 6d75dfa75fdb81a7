/// The engine that judges objects by the constraints of a schema: pure, the same at HQ, at a store and in a client.
/// Start at [dev.storemesh.protocol.constraint.Constraints]; what every kind demands is written down in the
/// conformance files beside it (`conformance/README.md`).
@NullMarked
package dev.storemesh.protocol.constraint;

import org.jspecify.annotations.NullMarked;
