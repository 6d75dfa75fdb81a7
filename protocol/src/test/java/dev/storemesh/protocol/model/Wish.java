package dev.storemesh.protocol.model;

import dev.storemesh.protocol.catalog.CatalogPort.Opening;
import dev.storemesh.protocol.catalog.CatalogPort.Reversal;

/// What somebody asks of the catalog. Who holds a lock, has that of the last transaction that was opened, over or
/// not.
public sealed interface Wish {
    /// What can be a step.
    sealed interface Change extends Wish {}

    record Write(dev.storemesh.protocol.write.Write write) implements Change {}

    record Revert(Reversal reversal) implements Change {}

    /// Never asked together with others.
    record Open(Opening opening) implements Wish {}

    record Step(Change change) implements Wish {}

    record Commit() implements Wish {}

    record RollBack() implements Wish {}

    /// Hours go by.
    record Expire() implements Wish {}
}
