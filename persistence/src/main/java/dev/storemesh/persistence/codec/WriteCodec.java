package dev.storemesh.persistence.codec;

import dev.storemesh.protocol.change.QueuedRequest;
import dev.storemesh.protocol.change.RequestId;
import dev.storemesh.protocol.log.Version;
import dev.storemesh.protocol.value.Literal;
import dev.storemesh.protocol.value.ObjectToken;
import dev.storemesh.protocol.write.IdempotencyKey;
import dev.storemesh.protocol.write.ObjectRef;
import dev.storemesh.protocol.write.Operation;
import dev.storemesh.protocol.write.Operation.Setting;
import dev.storemesh.protocol.write.Operation.Unsetting;
import dev.storemesh.protocol.write.Remembered;
import java.util.Comparator;
import java.util.Map;
import java.util.Optional;
import java.util.function.Consumer;
import java.util.function.Supplier;

/// What clients ask for, where it is stored before it is decided (in a store's queue), and what they were answered.
final class WriteCodec {
    private static final String REQUEST_PREFIX = "cr-";

    private static final Comparator<IdempotencyKey> KEY_ORDER =
            Comparator.comparing(IdempotencyKey::caller).thenComparing(IdempotencyKey::text);

    private WriteCodec() {}

    static void write(RowWriter out, QueuedRequest request) {
        write(out, request.id());
        out.number(request.sequence());
        LogCodec.write(out, request.base());
        out.list(request.operations(), operation -> write(out, operation));
        LogCodec.write(out, request.provenance());
        out.hex(request.digest());
        writeNames(out, request.names());
        out.instant(request.queuedAt());
        out.optional(request.role(), out::text);
        out.optional(request.withdraws(), id -> write(out, id));
    }

    static QueuedRequest request(RowReader in) {
        return asked(in, rolelessRequest(in));
    }

    /// One of before requests told their requesters' roles.
    static QueuedRequest rolelessRequest(RowReader in) {
        return new QueuedRequest(
                requestId(in),
                in.number(),
                LogCodec.version(in),
                in.list(() -> operation(in)),
                LogCodec.provenance(in),
                in.hex(),
                names(in),
                in.instant());
    }

    private static QueuedRequest asked(RowReader in, QueuedRequest rest) {
        return new QueuedRequest(
                rest.id(),
                rest.sequence(),
                rest.base(),
                rest.operations(),
                rest.provenance(),
                in.optional(in::text),
                rest.digest(),
                rest.names(),
                rest.queuedAt(),
                in.optional(() -> requestId(in)));
    }

    /// As the ULID that it is but for its prefix.
    static void write(RowWriter out, RequestId id) {
        out.token(new ObjectToken(id.text().substring(REQUEST_PREFIX.length())));
    }

    static RequestId requestId(RowReader in) {
        return new RequestId(REQUEST_PREFIX + in.token());
    }

    /// The tokens that were given to temporary names.
    static void writeNames(RowWriter out, Map<String, ObjectToken> names) {
        out.map(names, out::text, out::token);
    }

    static Map<String, ObjectToken> names(RowReader in) {
        return in.map(in::text, in::token);
    }

    /// What was answered to each of these keys.
    static <T> void writeAnswers(RowWriter out, Map<IdempotencyKey, T> answers, Consumer<T> write) {
        out.map(
                answers,
                KEY_ORDER,
                key -> {
                    ValueCodec.writeShared(out, key.caller());
                    out.text(key.text());
                },
                write);
    }

    static <T> Map<IdempotencyKey, T> answers(RowReader in, Supplier<T> read) {
        return in.map(() -> new IdempotencyKey(ValueCodec.sharedText(in), in.text()), read);
    }

    static void write(RowWriter out, Remembered remembered) {
        LogCodec.write(out, remembered.version());
        out.hex(remembered.digest());
        writeNames(out, remembered.names());
    }

    static Remembered remembered(RowReader in) {
        return new Remembered(LogCodec.version(in), in.hex(), names(in));
    }

    private static void write(RowWriter out, Operation operation) {
        switch (operation) {
            case Operation.Put put -> {
                out.tag(Tags.Operations.PUT);
                write(out, put.object());
                out.flag(put.create());
                out.optional(put.type(), type -> ValueCodec.write(out, type));
                out.list(put.set(), setting -> {
                    ValueCodec.write(out, setting.slot());
                    write(out, setting.value());
                });
                out.list(put.unset(), unsetting -> {
                    ValueCodec.write(out, unsetting.slot());
                    out.optional(unsetting.value(), value -> write(out, value));
                });
                out.optional(put.ifVersion(), version -> LogCodec.write(out, version));
            }
            case Operation.Delete(var object, var ifVersion) -> {
                out.tag(Tags.Operations.DELETE);
                write(out, object);
                out.optional(ifVersion, version -> LogCodec.write(out, version));
            }
            case Operation.Undelete(var object, var ifVersion) -> {
                out.tag(Tags.Operations.UNDELETE);
                write(out, object);
                out.optional(ifVersion, version -> LogCodec.write(out, version));
            }
            case Operation.Bring bring ->
                throw new IllegalArgumentException(
                        "operation: a line of an import (expected: one that a store queues)");
        }
    }

    private static Operation operation(RowReader in) {
        int tag = in.tag();
        return switch (tag) {
            case Tags.Operations.PLAIN_PUT ->
                new Operation.Put(
                        objectRef(in),
                        in.flag(),
                        in.optional(() -> ValueCodec.type(in)),
                        in.list(() -> new Setting(ValueCodec.slot(in), literal(in))),
                        in.list(() -> new Unsetting(ValueCodec.slot(in), Optional.empty())),
                        Optional.empty());
            case Tags.Operations.PLAIN_DELETE -> new Operation.Delete(objectRef(in), Optional.empty());
            case Tags.Operations.PUT ->
                new Operation.Put(
                        objectRef(in),
                        in.flag(),
                        in.optional(() -> ValueCodec.type(in)),
                        in.list(() -> new Setting(ValueCodec.slot(in), literal(in))),
                        in.list(() -> new Unsetting(ValueCodec.slot(in), in.optional(() -> literal(in)))),
                        ifVersion(in));
            case Tags.Operations.DELETE -> new Operation.Delete(objectRef(in), ifVersion(in));
            case Tags.Operations.UNDELETE -> new Operation.Undelete(objectRef(in), ifVersion(in));
            default -> throw in.unknownTag("operation", tag);
        };
    }

    private static Optional<Version> ifVersion(RowReader in) {
        return in.optional(() -> LogCodec.version(in));
    }

    private static void write(RowWriter out, ObjectRef object) {
        switch (object) {
            case ObjectRef.Known(var token) -> {
                out.tag(Tags.ObjectRefs.KNOWN);
                out.token(token);
            }
            case ObjectRef.Temporary(var name) -> {
                out.tag(Tags.ObjectRefs.TEMPORARY);
                out.text(name);
            }
        }
    }

    private static ObjectRef objectRef(RowReader in) {
        int tag = in.tag();
        return switch (tag) {
            case Tags.ObjectRefs.KNOWN -> new ObjectRef.Known(in.token());
            case Tags.ObjectRefs.TEMPORARY -> new ObjectRef.Temporary(in.text());
            default -> throw in.unknownTag("object reference", tag);
        };
    }

    private static void write(RowWriter out, Literal literal) {
        switch (literal) {
            case Literal.Text(var text) -> {
                out.tag(Tags.Literals.TEXT);
                out.text(text);
            }
            case Literal.Whole(var number) -> {
                out.tag(Tags.Literals.WHOLE);
                out.signed(number);
            }
            case Literal.Flag(var flag) -> out.tag(flag ? Tags.Literals.TRUE : Tags.Literals.FALSE);
            case Literal.Amount(var amount, var currency) -> {
                out.tag(Tags.Literals.AMOUNT);
                out.signed(amount);
                ValueCodec.writeShared(out, currency);
            }
        }
    }

    private static Literal literal(RowReader in) {
        int tag = in.tag();
        return switch (tag) {
            case Tags.Literals.TEXT -> new Literal.Text(in.text());
            case Tags.Literals.WHOLE -> new Literal.Whole(in.signed());
            case Tags.Literals.FALSE -> new Literal.Flag(false);
            case Tags.Literals.TRUE -> new Literal.Flag(true);
            case Tags.Literals.AMOUNT -> new Literal.Amount(in.signed(), ValueCodec.sharedText(in));
            default -> throw in.unknownTag("literal", tag);
        };
    }
}
