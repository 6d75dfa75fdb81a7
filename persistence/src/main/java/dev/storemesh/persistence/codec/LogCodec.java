package dev.storemesh.persistence.codec;

import dev.storemesh.protocol.log.ChainHash;
import dev.storemesh.protocol.log.HistoryId;
import dev.storemesh.protocol.log.LogEntry;
import dev.storemesh.protocol.log.LogIndex;
import dev.storemesh.protocol.log.ObjectChange;
import dev.storemesh.protocol.log.Position;
import dev.storemesh.protocol.log.Provenance;
import dev.storemesh.protocol.log.Row;
import dev.storemesh.protocol.log.Version;
import java.util.Optional;
import java.util.stream.Stream;

/// The parts of the log that events are made of.
final class LogCodec {
    private LogCodec() {}

    static void write(RowWriter out, Version version) {
        out.number(version.number());
    }

    static Version version(RowReader in) {
        return new Version(in.number());
    }

    static void write(RowWriter out, Position position) {
        out.number(position.number());
    }

    static Position position(RowReader in) {
        return new Position(in.number());
    }

    static void write(RowWriter out, ChainHash chain) {
        out.raw(chain.bytes());
    }

    static ChainHash chain(RowReader in) {
        return ChainHash.of(in.raw(RowWriter.HASH_BYTES));
    }

    static void write(RowWriter out, HistoryId history) {
        out.text(history.text());
    }

    static HistoryId history(RowReader in) {
        return new HistoryId(in.text());
    }

    static void write(RowWriter out, LogIndex index) {
        out.list(index.marks(), mark -> {
            write(out, mark.version());
            write(out, mark.position());
        });
    }

    static LogIndex index(RowReader in) {
        return new LogIndex(in.list(() -> new LogIndex.Mark(version(in), position(in))));
    }

    static void write(RowWriter out, Row row) {
        ValueCodec.write(out, row.attribute());
        write(out, row.version());
    }

    static Row row(RowReader in) {
        return new Row(ValueCodec.attribute(in), version(in));
    }

    static void write(RowWriter out, Provenance provenance) {
        ValueCodec.writeShared(out, provenance.caller());
        out.leading(
                Stream.of(provenance.app(), provenance.actingFor())
                        .flatMap(Optional::stream)
                        .toList(),
                text -> ValueCodec.writeShared(out, text));
        out.optional(provenance.store(), store -> ValueCodec.write(out, store));
        out.optional(provenance.key(), out::text);
        out.optional(provenance.reason(), reason -> ValueCodec.writeShared(out, reason));
    }

    static Provenance provenance(RowReader in) {
        var caller = ValueCodec.sharedText(in);
        var appAndPerson = in.leading(2, () -> ValueCodec.sharedText(in));
        return new Provenance(
                caller,
                appAndPerson.stream().findFirst(),
                appAndPerson.stream().skip(1).findFirst(),
                in.optional(() -> ValueCodec.store(in)),
                in.optional(in::text),
                in.optional(() -> ValueCodec.sharedText(in)));
    }

    static void write(RowWriter out, ObjectChange change) {
        out.token(change.object());
        ValueCodec.write(out, change.type());
        out.flag(change.deleted());
        out.list(change.set(), attribute -> ValueCodec.write(out, attribute));
        out.list(change.ended(), row -> write(out, row));
    }

    static ObjectChange change(RowReader in) {
        return new ObjectChange(
                in.token(),
                ValueCodec.type(in),
                in.flag(),
                in.list(() -> ValueCodec.attribute(in)),
                in.list(() -> row(in)));
    }

    static void write(RowWriter out, LogEntry entry) {
        write(out, entry.version());
        out.instant(entry.at());
        write(out, entry.provenance());
        write(out, entry.chain());
        out.flag(entry.isVoid());
        out.list(entry.changes(), change -> write(out, change));
    }

    static LogEntry entry(RowReader in) {
        return new LogEntry(version(in), in.instant(), provenance(in), chain(in), in.flag(), in.list(() -> change(in)));
    }
}
