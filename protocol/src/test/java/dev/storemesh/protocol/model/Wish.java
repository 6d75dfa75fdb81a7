package dev.storemesh.protocol.model;

import dev.storemesh.protocol.catalog.CatalogPort.Reversal;

/// What somebody asks of the catalog.
public sealed interface Wish {
    record Write(dev.storemesh.protocol.write.Write write) implements Wish {}

    record Revert(Reversal reversal) implements Wish {}
}
