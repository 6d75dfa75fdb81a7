package dev.storemesh.persistence.codec;

import dev.storemesh.protocol.access.Access;
import dev.storemesh.protocol.access.AccessEvent;
import dev.storemesh.protocol.catalog.Catalog;
import dev.storemesh.protocol.catalog.Round;
import dev.storemesh.protocol.object.PartitionEvent;
import dev.storemesh.protocol.object.PartitionImage;
import dev.storemesh.protocol.replica.Replica;
import dev.storemesh.protocol.replica.ReplicaRound;
import java.util.List;
import java.util.function.BiConsumer;
import java.util.function.Function;
import org.apache.pekko.serialization.SerializerWithStringManifest;

/// Pekko's way to the codecs: all events and snapshots that are stored. Bound to their classes in `reference.conf`.
///
/// The journal keeps [#identifier()] and the manifest beside the bytes of each row, so neither ever changes. What
/// cannot be read ends in an [UnreadableRowException], and with it the recovery of that actor.
public final class EventSerializer extends SerializerWithStringManifest {
    private static final int IDENTIFIER = 1_937_010_541;

    /// One class of stored things: `manifest` is its name in the journal, for ever.
    private record Stored<T>(
            String manifest,
            Packed.Effort effort,
            Class<T> type,
            BiConsumer<RowWriter, T> write,
            Function<RowReader, T> read) {
        byte[] toBytes(Object object) {
            var out = new RowWriter();
            write.accept(out, type.cast(object));
            return Packed.pack(out.toBytes(), effort);
        }
    }

    /// A manifest of bytes that are no longer written in this form, and are read for ever.
    private record Former<T>(String manifest, Function<RowReader, T> read) {}

    private static final List<Stored<?>> STORED = List.of(
            new Stored<>("catalog-round", Packed.Effort.LITTLE, Round.class, CatalogCodec::write, CatalogCodec::round),
            new Stored<>("catalog", Packed.Effort.MORE, Catalog.class, CatalogCodec::write, CatalogCodec::catalog),
            new Stored<>(
                    "partition-event",
                    Packed.Effort.LITTLE,
                    PartitionEvent.class,
                    ObjectCodec::write,
                    ObjectCodec::event),
            new Stored<>(
                    "partition-6", Packed.Effort.MORE, PartitionImage.class, ObjectCodec::write, ObjectCodec::image),
            new Stored<>(
                    "replica-round",
                    Packed.Effort.LITTLE,
                    ReplicaRound.class,
                    ReplicaCodec::write,
                    ReplicaCodec::round),
            new Stored<>("replica", Packed.Effort.MORE, Replica.class, ReplicaCodec::write, ReplicaCodec::replica),
            new Stored<>(
                    "access-event", Packed.Effort.LITTLE, AccessEvent.class, AccessCodec::write, AccessCodec::event),
            new Stored<>("access-4", Packed.Effort.MORE, Access.class, AccessCodec::write, AccessCodec::access));

    private static final List<Former<?>> FORMER = List.of(
            new Former<>("partition", ObjectCodec::formerImage),
            new Former<>("partition-2", ObjectCodec::wholeImage),
            new Former<>("partition-3", ObjectCodec::fullImage),
            new Former<>("partition-4", ObjectCodec::recordedImage),
            new Former<>("partition-5", ObjectCodec::overlaidImage),
            new Former<>("access", AccessCodec::formerAccess),
            new Former<>("access-2", AccessCodec::accessWithoutStaff),
            new Former<>("access-3", AccessCodec::accessWithoutVerifications));

    /// What is stored, all of it.
    static List<Class<?>> types() {
        return STORED.stream().<Class<?>>map(Stored::type).toList();
    }

    @Override
    public int identifier() {
        return IDENTIFIER;
    }

    @Override
    public String manifest(Object object) {
        return stored(object).manifest();
    }

    /// @throws IllegalArgumentException if it is nothing that we store, or something that would not come back as it
    /// is
    @Override
    public byte[] toBinary(Object object) {
        return stored(object).toBytes(object);
    }

    /// @throws UnreadableRowException if the manifest is unknown, or the bytes are not of its form
    @Override
    public Object fromBinary(byte[] bytes, String manifest) {
        for (var stored : STORED) {
            if (stored.manifest().equals(manifest)) {
                return RowReader.read(bytes, stored.read());
            }
        }
        for (var former : FORMER) {
            if (former.manifest().equals(manifest)) {
                return RowReader.read(bytes, former.read());
            }
        }
        throw new UnreadableRowException("manifest: \"" + manifest + "\" (expected: one that this version knows)");
    }

    private static Stored<?> stored(Object object) {
        for (var stored : STORED) {
            if (stored.type().isInstance(object)) {
                return stored;
            }
        }
        throw new IllegalArgumentException(
                "object: a " + object.getClass().getName() + " (expected: an event or snapshot that is stored)");
    }
}
