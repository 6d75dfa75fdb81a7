/// The commands of `storemesh`: options in, sentences out. Start reading at [dev.storemesh.ops.cli.ClientOptions],
/// which all commands share that talk to a node.
@NullMarked
package dev.storemesh.ops.cli;

import org.jspecify.annotations.NullMarked;
