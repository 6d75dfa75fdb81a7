package dev.storemesh.persistence.codec;

import dev.storemesh.protocol.catalog.CatalogEvent.TransactionOpened;
import dev.storemesh.protocol.log.Ending;
import dev.storemesh.protocol.log.Ending.How;
import dev.storemesh.protocol.log.LockToken;
import dev.storemesh.protocol.log.LogEntry;
import dev.storemesh.protocol.log.LogIndex;
import dev.storemesh.protocol.log.Written;
import dev.storemesh.protocol.object.OpenTransaction;
import dev.storemesh.protocol.object.StagedImage;
import dev.storemesh.protocol.object.StagedVersion;
import dev.storemesh.protocol.object.Transactions;
import dev.storemesh.protocol.object.Transactions.Ended;
import dev.storemesh.protocol.value.ObjectToken;
import dev.storemesh.protocol.write.IdempotencyKey;
import dev.storemesh.protocol.write.ObjectState;
import dev.storemesh.protocol.write.Remembered;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HexFormat;

/// What is stored of transactions: their events, and what the snapshots of those keep who have one open.
final class TransactionCodec {
    private static final int LOCK_BYTES = 16;

    private TransactionCodec() {}

    /// An entry that need not be a whole version.
    static void writePart(RowWriter out, LogEntry entry) {
        switch (entry.part()) {
            case LogEntry.Part.Whole whole -> out.tag(Tags.Parts.WHOLE);
            case LogEntry.Part.Step(var number) -> {
                out.tag(Tags.Parts.STEP);
                out.number(number);
            }
            case LogEntry.Part.End(var steps) -> {
                out.tag(Tags.Parts.END);
                out.number(steps);
            }
        }
        LogCodec.write(out, entry);
    }

    static LogEntry part(RowReader in) {
        int tag = in.tag();
        var part = switch (tag) {
            case Tags.Parts.WHOLE -> new LogEntry.Part.Whole();
            case Tags.Parts.STEP -> new LogEntry.Part.Step(in.integer());
            case Tags.Parts.END -> new LogEntry.Part.End(in.integer());
            default -> throw in.unknownTag("part of a version", tag);
        };
        return LogCodec.entry(in).as(part);
    }

    static void write(RowWriter out, TransactionOpened event) {
        out.instant(event.at());
        write(out, event.lock());
        LogCodec.write(out, event.provenance());
        out.hex(event.digest());
        write(out, event.idle());
        out.instant(event.ends());
        out.number(event.maxBytes());
    }

    static TransactionOpened opened(RowReader in) {
        return new TransactionOpened(
                in.instant(), lock(in), LogCodec.provenance(in), in.hex(), duration(in), in.instant(), in.number());
    }

    private static void write(RowWriter out, LockToken lock) {
        LogCodec.write(out, lock.version());
        out.raw(HexFormat.of().parseHex(lock.id()));
    }

    private static LockToken lock(RowReader in) {
        return new LockToken(LogCodec.version(in), HexFormat.of().formatHex(in.raw(LOCK_BYTES)));
    }

    private static void write(RowWriter out, Duration span) {
        out.number(span.toMillis());
    }

    private static Duration duration(RowReader in) {
        return Duration.ofMillis(in.number());
    }

    static void write(RowWriter out, How how) {
        out.tag(
                switch (how) {
                    case COMMITTED -> Tags.Endings.COMMITTED;
                    case ROLLED_BACK -> Tags.Endings.ROLLED_BACK;
                    case IDLE -> Tags.Endings.IDLE;
                    case TOO_LONG -> Tags.Endings.TOO_LONG;
                });
    }

    static How how(RowReader in) {
        int tag = in.tag();
        return switch (tag) {
            case Tags.Endings.COMMITTED -> How.COMMITTED;
            case Tags.Endings.ROLLED_BACK -> How.ROLLED_BACK;
            case Tags.Endings.IDLE -> How.IDLE;
            case Tags.Endings.TOO_LONG -> How.TOO_LONG;
            default -> throw in.unknownTag("ending", tag);
        };
    }

    static void write(RowWriter out, Transactions transactions) {
        out.optional(transactions.open(), open -> write(out, open));
        out.list(transactions.ended(), ended -> {
            write(out, ended.lock());
            out.optional(ended.key(), key -> {
                ValueCodec.writeShared(out, key.caller());
                out.text(key.text());
            });
            write(out, ended.ending().how());
            out.instant(ended.ending().at());
        });
        out.list(transactions.discarded(), version -> LogCodec.write(out, version));
    }

    static Transactions transactions(RowReader in) {
        return new Transactions(
                in.optional(() -> open(in)),
                in.list(() -> new Ended(
                        lock(in),
                        in.optional(() -> new IdempotencyKey(ValueCodec.sharedText(in), in.text())),
                        ending(in))),
                in.list(() -> LogCodec.version(in)));
    }

    private static Ending ending(RowReader in) {
        return new Ending(how(in), in.instant());
    }

    private static void write(RowWriter out, OpenTransaction open) {
        write(out, open.lock());
        LogCodec.write(out, open.holder());
        out.hex(open.digest());
        out.instant(open.since());
        write(out, open.idle());
        out.instant(open.ends());
        out.number(open.maxBytes());
        out.instant(open.touched());
        out.instant(open.lastAt());
        out.number(open.bytes());
        WriteCodec.writeNames(out, open.names());
        write(out, open.staged());
    }

    private static OpenTransaction open(RowReader in) {
        return new OpenTransaction(
                lock(in),
                LogCodec.provenance(in),
                in.hex(),
                in.instant(),
                duration(in),
                in.instant(),
                in.number(),
                in.instant(),
                in.instant(),
                in.number(),
                WriteCodec.names(in),
                staged(in));
    }

    static void write(RowWriter out, StagedVersion staged) {
        LogCodec.write(out, staged.version());
        out.number(staged.steps());
        LogCodec.write(out, staged.chain());
        ObjectCodec.write(out, staged.schemas());
    }

    static StagedVersion staged(RowReader in) {
        return new StagedVersion(LogCodec.version(in), in.integer(), LogCodec.chain(in), ObjectCodec.schemas(in));
    }

    /// What [LogCodec] writes of an index, and at which steps its marks stand.
    static void write(RowWriter out, LogIndex index) {
        LogCodec.write(out, index);
        out.list(index.marks(), mark -> out.number(mark.steps()));
    }

    static LogIndex index(RowReader in) {
        var marks = LogCodec.index(in).marks();
        var steps = in.list(in::integer);
        if (steps.size() != marks.size()) {
            throw new UnreadableRowException("index: " + marks.size() + " marks at " + steps.size() + " steps");
        }
        var all = new ArrayList<LogIndex.Mark>();
        for (var i = 0; i < marks.size(); i++) {
            var mark = marks.get(i);
            all.add(new LogIndex.Mark(mark.version(), steps.get(i), mark.position()));
        }
        return new LogIndex(all);
    }

    static void write(RowWriter out, StagedImage image) {
        LogCodec.write(out, image.version());
        out.list(image.objects(), object -> ObjectCodec.write(out, object));
        out.map(image.beforeDeletion(), out::token, state -> {
            ValueCodec.write(out, state.type());
            out.list(state.rows(), row -> LogCodec.write(out, row));
            LogCodec.write(out, state.changed());
        });
        WriteCodec.writeAnswers(out, image.answers(), answer -> {
            WriteCodec.write(out, answer);
            out.number(answer.step());
        });
        out.instant(image.written().at());
        LogCodec.write(out, image.written().provenance());
    }

    static StagedImage stagedImage(RowReader in) {
        return new StagedImage(
                LogCodec.version(in),
                in.list(() -> ObjectCodec.object(in)),
                in.<ObjectToken, ObjectState.Live>map(
                        in::token,
                        () -> new ObjectState.Live(
                                ValueCodec.type(in), in.list(() -> LogCodec.row(in)), LogCodec.version(in))),
                WriteCodec.answers(in, () -> remembered(in)),
                new Written(in.instant(), LogCodec.provenance(in)));
    }

    private static Remembered remembered(RowReader in) {
        var known = WriteCodec.remembered(in);
        return new Remembered(known.version(), known.digest(), known.names(), in.integer());
    }
}
