package dev.storemesh.protocol.log;

import dev.storemesh.protocol.json.CanonicalJson;
import dev.storemesh.protocol.value.Attribute;
import dev.storemesh.protocol.value.Literal;
import dev.storemesh.protocol.value.Value.Moment;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.time.Instant;
import java.util.List;

/// Writes the canonical JSON that the chain hash is of, without a tree of it: the same bytes as those of
/// [LogJson#chained], fields in the order of their names. Every write is hashed, and those of an import are long.
final class ChainedText {
    private static final int ENOUGH = 8_192; // characters that go to the digest at once

    private final MessageDigest digest;
    private final StringBuilder out = new StringBuilder(2 * ENOUGH);

    ChainedText(MessageDigest digest) {
        this.digest = digest;
    }

    void entry(Version version, Instant at, Provenance provenance, List<ObjectChange> changes) {
        out.append('{');
        provenance.app().ifPresent(app -> text("\"app\":", app).append(','));
        text("\"at\":", Moment.format(at));
        text(",\"caller\":", provenance.caller()).append(",\"changes\":[");
        for (var i = 0; i < changes.size(); i++) {
            comma(i);
            change(changes.get(i), version);
            if (out.length() > ENOUGH) {
                flush();
            }
        }
        out.append(']');
        provenance.key().ifPresent(key -> text(",\"key\":", key));
        provenance.reason().ifPresent(reason -> text(",\"reason\":", reason));
        provenance.store().ifPresent(store -> text(",\"store\":", store.text()));
        out.append(",\"version\":").append(version.number()).append('}');
        flush();
    }

    private void change(ObjectChange change, Version version) {
        out.append("{\"deleted\":").append(change.deleted()).append(",\"ended\":[");
        for (var i = 0; i < change.ended().size(); i++) {
            comma(i);
            var row = change.ended().get(i);
            row(row.attribute(), row.version());
        }
        text("],\"object\":", change.object().text()).append(",\"set\":[");
        for (var i = 0; i < change.set().size(); i++) {
            comma(i);
            row(change.set().get(i), version);
        }
        text("],\"type\":", change.type().text()).append('}');
    }

    private void row(Attribute attribute, Version version) {
        text("{\"attribute\":", attribute.definition().text());
        attribute.location().ifPresent(location -> text(",\"location\":", location.text()));
        out.append(",\"value\":");
        literal(attribute.value().literal());
        out.append(",\"version\":").append(version.number()).append('}');
    }

    private void literal(Literal literal) {
        switch (literal) {
            case Literal.Text(var text) -> CanonicalJson.string(text, out);
            case Literal.Whole(var number) -> out.append(number);
            case Literal.Flag(var flag) -> out.append(flag);
            case Literal.Amount(var amount, var currency) -> {
                out.append("{\"amount\":").append(amount);
                text(",\"currency\":", currency).append('}');
            }
        }
    }

    private StringBuilder text(String before, String text) {
        out.append(before);
        CanonicalJson.string(text, out);
        return out;
    }

    private void comma(int number) {
        if (number > 0) {
            out.append(',');
        }
    }

    private void flush() {
        digest.update(out.toString().getBytes(StandardCharsets.UTF_8));
        out.setLength(0);
    }
}
