package dev.storemesh.persistence.codec;

import dev.storemesh.protocol.object.LocalChange;
import dev.storemesh.protocol.object.LocalEdit;
import dev.storemesh.protocol.object.LocalEnd;
import dev.storemesh.protocol.object.LocalImage;
import dev.storemesh.protocol.replica.OwnWrites;
import dev.storemesh.protocol.replica.OwnWrites.OwnWrite;
import dev.storemesh.protocol.value.ObjectToken;
import java.util.Comparator;
import java.util.Set;

/// A store's own writes, which are laid over what HQ knows until it has decided them.
final class LocalCodec {
    private LocalCodec() {}

    static void write(RowWriter out, LocalChange change) {
        out.number(change.number());
        LogCodec.write(out, change.base());
        out.list(change.edits(), edit -> write(out, edit));
    }

    static LocalChange change(RowReader in) {
        return new LocalChange(in.number(), LogCodec.version(in), in.list(() -> edit(in)));
    }

    private static void write(RowWriter out, LocalEdit edit) {
        switch (edit) {
            case LocalEdit.Clears(var object, var slot) -> {
                out.tag(Tags.LocalEdits.CLEARS);
                out.token(object);
                ValueCodec.write(out, slot);
            }
            case LocalEdit.Ends(var object, var slot, var value) -> {
                out.tag(Tags.LocalEdits.ENDS);
                out.token(object);
                ValueCodec.write(out, slot);
                ValueCodec.write(out, value);
            }
            case LocalEdit.Sets(var object, var slot, var value, var alone) -> {
                out.tag(alone ? Tags.LocalEdits.SETS_ALONE : Tags.LocalEdits.SETS);
                out.token(object);
                ValueCodec.write(out, slot);
                ValueCodec.write(out, value);
            }
        }
    }

    private static LocalEdit edit(RowReader in) {
        int tag = in.tag();
        return switch (tag) {
            case Tags.LocalEdits.CLEARS -> new LocalEdit.Clears(in.token(), ValueCodec.slot(in));
            case Tags.LocalEdits.ENDS -> new LocalEdit.Ends(in.token(), ValueCodec.slot(in), ValueCodec.value(in));
            case Tags.LocalEdits.SETS, Tags.LocalEdits.SETS_ALONE ->
                new LocalEdit.Sets(
                        in.token(), ValueCodec.slot(in), ValueCodec.value(in), tag == Tags.LocalEdits.SETS_ALONE);
            default -> throw in.unknownTag("local edit", tag);
        };
    }

    static void write(RowWriter out, LocalEnd end) {
        out.number(end.number());
        LogCodec.write(out, end.version());
        writeTokens(out, end.objects());
    }

    static LocalEnd end(RowReader in) {
        return new LocalEnd(in.number(), LogCodec.version(in), tokens(in));
    }

    private static void writeTokens(RowWriter out, Set<ObjectToken> tokens) {
        out.list(tokens.stream().sorted().toList(), out::token);
    }

    private static Set<ObjectToken> tokens(RowReader in) {
        return Set.copyOf(in.list(in::token));
    }

    static void write(RowWriter out, LocalImage image) {
        LogCodec.write(out, image.forgotten());
        out.list(image.changes(), kept -> {
            write(out, kept.change());
            out.optional(kept.ended(), version -> LogCodec.write(out, version));
        });
    }

    static LocalImage image(RowReader in) {
        var forgotten = LogCodec.version(in);
        return new LocalImage(
                in.list(() -> new LocalImage.Kept(change(in), in.optional(() -> LogCodec.version(in)))), forgotten);
    }

    static void write(RowWriter out, OwnWrites writes) {
        out.number(writes.last());
        out.map(writes.undecided(), Comparator.comparing(Object::toString), id -> WriteCodec.write(out, id), write -> {
            out.number(write.number());
            writeTokens(out, write.objects());
        });
    }

    static OwnWrites ownWrites(RowReader in) {
        return new OwnWrites(
                in.number(), in.map(() -> WriteCodec.requestId(in), () -> new OwnWrite(in.number(), tokens(in))));
    }
}
