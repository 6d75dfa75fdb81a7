package dev.storemesh.persistence.codec;

import dev.storemesh.protocol.log.Provenance;
import dev.storemesh.protocol.log.Version;
import dev.storemesh.protocol.log.Written;
import dev.storemesh.protocol.object.Dropped;
import dev.storemesh.protocol.object.LoadImage;
import dev.storemesh.protocol.object.LoadedObject;
import dev.storemesh.protocol.object.PartitionEvent;
import dev.storemesh.protocol.object.PartitionEvent.Checkpointed;
import dev.storemesh.protocol.object.PartitionImage;
import dev.storemesh.protocol.object.PartitionMap;
import dev.storemesh.protocol.object.SchemaHistory;
import dev.storemesh.protocol.object.StagedImage;
import dev.storemesh.protocol.object.VersionedObject;
import dev.storemesh.protocol.object.VersionedObject.EndedRow;
import dev.storemesh.protocol.object.VersionedObject.Life;
import dev.storemesh.protocol.object.WrittenVersions;
import dev.storemesh.protocol.value.LocationId;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import java.util.TreeMap;
import java.util.function.Supplier;

/// What partitions keep: objects with their histories, and their own few events.
final class ObjectCodec {
    private ObjectCodec() {}

    static void write(RowWriter out, PartitionEvent event) {
        switch (event) {
            case Checkpointed(var position) -> {
                out.tag(Tags.PartitionEvents.CHECKPOINTED);
                LogCodec.write(out, position);
            }
        }
    }

    static PartitionEvent event(RowReader in) {
        int tag = in.tag();
        return switch (tag) {
            case Tags.PartitionEvents.CHECKPOINTED -> new Checkpointed(LogCodec.position(in));
            default -> throw in.unknownTag("partition event", tag);
        };
    }

    static void write(RowWriter out, PartitionImage image) {
        LogCodec.write(out, image.position());
        out.list(image.objects(), object -> write(out, object));
        WriteCodec.writeAnswers(out, image.answers(), answer -> WriteCodec.write(out, answer));
        out.optional(image.written(), written -> write(out, written));
        out.optional(image.staged(), staged -> TransactionCodec.write(out, staged));
        writeDropped(out, image.objects());
        writeDropped(out, image.staged().map(StagedImage::objects).orElse(List.of()));
        LocalCodec.write(out, image.locals());
        writeWithDropped(out, image.load().arriving());
        LogCodec.write(out, image.load().whole());
    }

    /// Objects, and what rows of them are held no more.
    static void writeWithDropped(RowWriter out, List<VersionedObject> objects) {
        out.list(objects, object -> write(out, object));
        writeDropped(out, objects);
    }

    static List<VersionedObject> withDropped(RowReader in) {
        return lacking(in, in.list(() -> object(in)));
    }

    static void writeLoaded(RowWriter out, List<LoadedObject> objects) {
        writeWithDropped(out, objects.stream().map(LoadedObject::held).toList());
    }

    static List<LoadedObject> loaded(RowReader in) {
        return withDropped(in).stream().map(LoadedObject::new).toList();
    }

    /// What rows are held no more, of those objects that lack some: each by its place in the list.
    private static void writeDropped(RowWriter out, List<VersionedObject> objects) {
        var lacking = new TreeMap<Long, Dropped>();
        for (var place = 0; place < objects.size(); place++) {
            var dropped = objects.get(place).dropped();
            if (!dropped.equals(Dropped.NOTHING)) {
                lacking.put((long) place, dropped);
            }
        }
        out.map(lacking, out::number, dropped -> {
            LogCodec.write(out, dropped.before());
            out.map(
                    dropped.last(),
                    Comparator.comparing(place -> place.map(LocationId::text).orElse("")),
                    place -> ValueCodec.writeLocation(out, place),
                    version -> LogCodec.write(out, version));
        });
    }

    private static List<VersionedObject> lacking(RowReader in, List<VersionedObject> objects) {
        var dropped = in.map(
                in::number,
                () -> new Dropped(
                        LogCodec.version(in), in.map(() -> ValueCodec.location(in), () -> LogCodec.version(in))));
        var left = new ArrayList<>(objects);
        dropped.forEach((place, rows) -> {
            if (place >= left.size()) {
                throw in.unreadable("rows that object " + place + " lacks, of " + left.size());
            }
            var index = place.intValue();
            left.set(index, left.get(index).lacking(rows));
        });
        return left;
    }

    static PartitionImage image(RowReader in) {
        var rest = overlaidImage(in);
        return new PartitionImage(
                rest.position(),
                rest.objects(),
                rest.answers(),
                rest.written(),
                rest.staged(),
                rest.locals(),
                new LoadImage(withDropped(in), LogCodec.position(in)));
    }

    /// As it was before stores took over copies.
    static PartitionImage overlaidImage(RowReader in) {
        var rest = recordedImage(in);
        return new PartitionImage(
                rest.position(), rest.objects(), rest.answers(), rest.written(), rest.staged(), LocalCodec.image(in));
    }

    /// As it was before stores laid anything over it.
    static PartitionImage recordedImage(RowReader in) {
        var full = fullImage(in);
        var objects = lacking(in, full.objects());
        var steps = lacking(in, full.staged().map(StagedImage::objects).orElse(List.of()));
        return new PartitionImage(
                full.position(),
                objects,
                full.answers(),
                full.written(),
                full.staged().map(staged -> staged.with(steps)));
    }

    /// As it was when partitions held every row.
    static PartitionImage fullImage(RowReader in) {
        return image(
                in, () -> in.optional(() -> written(in)), () -> in.optional(() -> TransactionCodec.stagedImage(in)));
    }

    /// As it was before there were transactions.
    static PartitionImage wholeImage(RowReader in) {
        return image(in, () -> in.optional(() -> written(in)), Optional::empty);
    }

    /// As it was before partitions kept who wrote what.
    static PartitionImage formerImage(RowReader in) {
        return image(in, Optional::empty, Optional::empty);
    }

    private static PartitionImage image(
            RowReader in, Supplier<Optional<WrittenVersions>> written, Supplier<Optional<StagedImage>> staged) {
        return new PartitionImage(
                LogCodec.position(in),
                in.list(() -> object(in)),
                WriteCodec.answers(in, () -> WriteCodec.remembered(in)),
                written.get(),
                staged.get());
    }

    /// Versions and milliseconds as what is to be added to those before: one to three bytes each.
    private static void write(RowWriter out, WrittenVersions versions) {
        out.number(versions.size());
        var before = new long[2];
        versions.forEach((version, written) -> {
            var millis = written.at().toEpochMilli();
            out.number(version.number() - before[0]);
            out.signed(millis - before[1]);
            out.shared(written.provenance(), provenance -> LogCodec.write(out, provenance));
            before[0] = version.number();
            before[1] = millis;
        });
    }

    private static WrittenVersions written(RowReader in) {
        var versions = new WrittenVersions();
        var version = 0L;
        var millis = 0L;
        for (var rest = in.count(); rest > 0; rest--) {
            version += in.number();
            millis += in.signed();
            var provenance = in.shared(Provenance.class, () -> LogCodec.provenance(in));
            versions.add(new Version(version), new Written(Instant.ofEpochMilli(millis), provenance));
        }
        return versions;
    }

    static void write(RowWriter out, SchemaHistory schemas) {
        out.list(schemas.objects(), object -> write(out, object));
    }

    static SchemaHistory schemas(RowReader in) {
        return SchemaHistory.of(in.list(() -> object(in)));
    }

    static void write(RowWriter out, VersionedObject object) {
        out.token(object.token());
        ValueCodec.write(out, object.type());
        out.list(object.lives(), life -> write(out, life));
        out.list(object.live(), row -> LogCodec.write(out, row));
        out.list(object.ended(), row -> write(out, row));
    }

    static VersionedObject object(RowReader in) {
        return new VersionedObject(
                in.token(),
                ValueCodec.type(in),
                in.list(() -> life(in)),
                in.list(() -> LogCodec.row(in)),
                in.list(() -> endedRow(in)));
    }

    static void write(RowWriter out, PartitionMap map) {
        out.number(map.generation());
        out.list(map.touched(), position -> LogCodec.write(out, position));
    }

    static PartitionMap partitions(RowReader in) {
        return new PartitionMap(in.integer(), in.list(() -> LogCodec.position(in)));
    }

    private static void write(RowWriter out, Life life) {
        LogCodec.write(out, life.made());
        out.optional(life.deleted(), version -> LogCodec.write(out, version));
    }

    private static Life life(RowReader in) {
        return new Life(LogCodec.version(in), in.optional(() -> LogCodec.version(in)));
    }

    private static void write(RowWriter out, EndedRow row) {
        LogCodec.write(out, row.row());
        LogCodec.write(out, row.ended());
    }

    private static EndedRow endedRow(RowReader in) {
        return new EndedRow(LogCodec.row(in), LogCodec.version(in));
    }
}
