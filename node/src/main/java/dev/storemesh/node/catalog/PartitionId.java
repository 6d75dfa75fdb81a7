package dev.storemesh.node.catalog;

import dev.storemesh.protocol.value.CatalogId;

/// One partition of a catalog; the generation changes when the number of partitions does.
public record PartitionId(CatalogId catalog, int generation, int number) {
    /// `catalog:generation:number`.
    public String text() {
        return catalog + ":" + generation + ":" + number;
    }

    static PartitionId parse(String text) {
        var parts = text.split(":", -1);
        return new PartitionId(new CatalogId(parts[0]), Integer.parseInt(parts[1]), Integer.parseInt(parts[2]));
    }

    @Override
    public String toString() {
        return text();
    }
}
