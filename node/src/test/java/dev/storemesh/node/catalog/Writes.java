package dev.storemesh.node.catalog;

import dev.storemesh.protocol.log.Provenance;
import dev.storemesh.protocol.schema.StandardSchema;
import dev.storemesh.protocol.value.Literal;
import dev.storemesh.protocol.value.Namespaces;
import dev.storemesh.protocol.value.ObjectToken;
import dev.storemesh.protocol.value.Slot;
import dev.storemesh.protocol.write.ObjectRef;
import dev.storemesh.protocol.write.Operation;
import dev.storemesh.protocol.write.Operation.Delete;
import dev.storemesh.protocol.write.Operation.Put;
import dev.storemesh.protocol.write.Operation.Setting;
import dev.storemesh.protocol.write.Write;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;

/// Writes about retail items, as tests make them.
public final class Writes {
    public static final Provenance ANN = Provenance.of("ann");
    public static final Slot NAME = new Slot(StandardSchema.name(StandardSchema.ITEM, "name"), Optional.empty());

    private Writes() {}

    public static Write of(Operation... operations) {
        return new Write(List.of(operations), ANN, "digest", Optional.empty());
    }

    /// The same write under an idempotency key; `digest` stands for what the client sent.
    public static Write keyed(Write write, String key, String digest) {
        return new Write(write.operations(), write.provenance().withKey(Optional.of(key)), digest, write.ifVersion());
    }

    /// Makes an item of this token.
    public static Operation make(String token, String name) {
        return new Put(known(token), true, Optional.of(StandardSchema.ITEM), named(name), List.of(), Optional.empty());
    }

    /// Renames an item that is there.
    public static Operation rename(String token, String name) {
        return new Put(known(token), false, Optional.empty(), named(name), List.of(), Optional.empty());
    }

    /// Makes an item under a temporary name.
    public static Operation makeTemporary(String name, String value) {
        return new Put(
                new ObjectRef.Temporary(name),
                false,
                Optional.of(StandardSchema.ITEM),
                named(value),
                List.of(),
                Optional.empty());
    }

    public static Operation delete(String token) {
        return new Delete(known(token), Optional.empty());
    }

    /// What a site without apps says of its namespaces.
    public static CompletionStage<Namespaces> unclaimed() {
        return CompletableFuture.completedFuture(Namespaces.NONE);
    }

    private static ObjectRef known(String token) {
        return new ObjectRef.Known(new ObjectToken(token));
    }

    private static List<Setting> named(String name) {
        return List.of(new Setting(NAME, new Literal.Text(name)));
    }
}
