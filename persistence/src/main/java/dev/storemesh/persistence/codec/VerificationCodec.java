package dev.storemesh.persistence.codec;

import dev.storemesh.protocol.log.Version;
import dev.storemesh.protocol.verify.Cause;
import dev.storemesh.protocol.verify.Verification;
import dev.storemesh.protocol.verify.Verification.Difference;
import dev.storemesh.protocol.verify.Verification.Different;
import dev.storemesh.protocol.verify.Verification.Kind;
import dev.storemesh.protocol.verify.Verification.NotCompared;
import dev.storemesh.protocol.verify.Verification.Same;
import dev.storemesh.protocol.verify.VerificationOrder;
import dev.storemesh.protocol.verify.Verifications;

/// What came of holding stores against HQ, and the orders for it.
final class VerificationCodec {
    private VerificationCodec() {}

    static void write(RowWriter out, Verifications verifications) {
        out.optional(verifications.order(), order -> write(out, order));
        out.list(verifications.results(), kept -> {
            out.instant(kept.at());
            write(out, kept.verification());
        });
        out.optional(verifications.nightlyAt(), out::instant);
    }

    static Verifications verifications(RowReader in) {
        return new Verifications(
                in.optional(() -> order(in)),
                in.list(() -> new Verifications.Kept(in.instant(), verification(in))),
                in.optional(in::instant));
    }

    static void write(RowWriter out, VerificationOrder order) {
        out.text(order.id());
        write(out, order.cause());
        out.flag(order.repair());
        out.instant(order.at());
    }

    static VerificationOrder order(RowReader in) {
        return new VerificationOrder(in.text(), cause(in), in.flag(), in.instant());
    }

    static void write(RowWriter out, Verification verification) {
        out.optional(verification.order(), out::text);
        write(out, verification.cause());
        out.instant(verification.startedAt());
        switch (verification.outcome()) {
            case Same(var version, var rows) -> {
                out.tag(Tags.VerifyOutcomes.SAME);
                out.number(version.number());
                out.number(rows);
            }
            case Different(var version, var rows, var objects, var more) -> {
                out.tag(Tags.VerifyOutcomes.DIFFERENT);
                out.number(version.number());
                out.number(rows);
                out.list(objects, object -> write(out, object));
                out.flag(more);
            }
            case NotCompared(var reason) -> {
                out.tag(Tags.VerifyOutcomes.NOT_COMPARED);
                out.text(reason);
            }
        }
        out.flag(verification.repaired());
    }

    static Verification verification(RowReader in) {
        return new Verification(in.optional(in::text), cause(in), in.instant(), outcome(in), in.flag());
    }

    private static Verification.Outcome outcome(RowReader in) {
        int tag = in.tag();
        return switch (tag) {
            case Tags.VerifyOutcomes.SAME -> new Same(new Version(in.number()), in.number());
            case Tags.VerifyOutcomes.DIFFERENT ->
                new Different(new Version(in.number()), in.number(), in.list(() -> difference(in)), in.flag());
            case Tags.VerifyOutcomes.NOT_COMPARED -> new NotCompared(in.text());
            default -> throw in.unknownTag("outcome of a verification", tag);
        };
    }

    private static void write(RowWriter out, Difference difference) {
        out.token(difference.object());
        out.tag(
                switch (difference.kind()) {
                    case DIFFERS -> Tags.DifferenceKinds.DIFFERS;
                    case MISSING_AT_STORE -> Tags.DifferenceKinds.MISSING_AT_STORE;
                    case MISSING_AT_HQ -> Tags.DifferenceKinds.MISSING_AT_HQ;
                });
    }

    private static Difference difference(RowReader in) {
        var object = in.token();
        int tag = in.tag();
        return switch (tag) {
            case Tags.DifferenceKinds.DIFFERS -> new Difference(object, Kind.DIFFERS);
            case Tags.DifferenceKinds.MISSING_AT_STORE -> new Difference(object, Kind.MISSING_AT_STORE);
            case Tags.DifferenceKinds.MISSING_AT_HQ -> new Difference(object, Kind.MISSING_AT_HQ);
            default -> throw in.unknownTag("kind of a difference", tag);
        };
    }

    private static void write(RowWriter out, Cause cause) {
        out.tag(
                switch (cause) {
                    case ORDERED -> Tags.VerifyCauses.ORDERED;
                    case NIGHTLY -> Tags.VerifyCauses.NIGHTLY;
                    case RECONNECTED -> Tags.VerifyCauses.RECONNECTED;
                });
    }

    private static Cause cause(RowReader in) {
        int tag = in.tag();
        return switch (tag) {
            case Tags.VerifyCauses.ORDERED -> Cause.ORDERED;
            case Tags.VerifyCauses.NIGHTLY -> Cause.NIGHTLY;
            case Tags.VerifyCauses.RECONNECTED -> Cause.RECONNECTED;
            default -> throw in.unknownTag("cause of a verification", tag);
        };
    }
}
