/// Questions about many objects: which match, in what order, how many, and how they divide. A question is read from
/// JSON, compiled against a schema, answered by each partition for itself, and the answers are merged. Start at
/// [dev.storemesh.protocol.query.Query].
@NullMarked
package dev.storemesh.protocol.query;

import org.jspecify.annotations.NullMarked;
