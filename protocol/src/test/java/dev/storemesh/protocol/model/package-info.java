/// A naive model of a catalog (full copies, loops, strings) beside the real one, driven by the same random wishes.
/// Start
/// at [dev.storemesh.protocol.model.ModelRun].
@NullMarked
package dev.storemesh.protocol.model;

import org.jspecify.annotations.NullMarked;
