package dev.storemesh.node.catalog;

import dev.storemesh.protocol.object.HashRange;
import dev.storemesh.protocol.value.CatalogId;
import org.apache.pekko.persistence.typed.PersistenceId;

/// One partition of a catalog; the generation changes when the number of partitions does.
public record PartitionId(CatalogId catalog, int generation, int number) {
    /// `catalog:generation:number`.
    public String text() {
        return catalog + ":" + generation + ":" + number;
    }

    /// What it owns.
    HashRange range() {
        return HashRange.of(generation, number);
    }

    /// The one of the generation before that owned all of its range; none before the first.
    PartitionId before() {
        return new PartitionId(catalog, generation - 1, number / 2);
    }

    PersistenceId journal() {
        return PersistenceId.of(ObjectPartition.TYPE_KEY.name(), text());
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
