package dev.storemesh.persistence.codec;

import dev.storemesh.protocol.object.PartitionMap;
import dev.storemesh.protocol.object.VersionedObject;
import dev.storemesh.protocol.object.VersionedObject.EndedRow;
import dev.storemesh.protocol.object.VersionedObject.Life;

/// Objects with their histories, as partitions keep them in checkpoints.
final class ObjectCodec {
    private ObjectCodec() {}

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
