package dev.storemesh.protocol.install;

import dev.storemesh.protocol.json.Fields;
import dev.storemesh.protocol.json.MalformedInput;
import dev.storemesh.protocol.schema.Declaration;
import dev.storemesh.protocol.schema.SchemaJson;
import dev.storemesh.protocol.schema.SchemaKind;
import dev.storemesh.protocol.value.AppName;
import dev.storemesh.protocol.value.Literal;
import dev.storemesh.protocol.value.Value;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Locale;
import java.util.TreeMap;

/// One version of what an app needs in a catalog: its types, definitions and constraints, all of them in the
/// namespace that bears the app's name. What it installs is decided by [Installation].
public record AppPackage(AppName app, long version, List<Declaration> declarations) {
    private static final List<SchemaKind> KINDS =
            List.of(SchemaKind.TYPE, SchemaKind.DEFINITION, SchemaKind.CONSTRAINT);

    public AppPackage {
        declarations = List.copyOf(declarations);
    }

    /// Reads the fields `app`, `version`, `types`, `definitions` and `constraints`, and leaves all others to the
    /// caller.
    ///
    /// @throws MalformedInput naming the field that is not of the form, lies elsewhere, or is there twice
    public static AppPackage read(Fields fields) {
        var app = fields.parsed("app", AppName::new);
        var version = fields.number("version");
        if (version < 1 || version > Value.MAX_INTEGER) {
            throw fields.wrong("version", "a whole number from 1 to " + Value.MAX_INTEGER);
        }
        var declarations = new ArrayList<Declaration>();
        for (var kind : KINDS) {
            var all = SchemaJson.readAll(kind, fields);
            var seen = new HashSet<String>();
            for (var i = 0; i < all.size(); i++) {
                var name = all.get(i).name();
                var pointer = fields.pointer(kind.plural()) + "/" + i + "/" + kind.key();
                if (!name.startsWith(app + ".")) {
                    throw wrong(pointer, "must begin with " + app + ".");
                }
                if (!seen.add(name.toLowerCase(Locale.ROOT))) {
                    throw wrong(pointer, "is there twice: " + name);
                }
            }
            declarations.addAll(all);
        }
        return new AppPackage(app, version, declarations);
    }

    private static MalformedInput wrong(String pointer, String what) {
        return new MalformedInput("invalid_value", pointer, "The field " + pointer + " " + what + ".");
    }

    /// The record of itself that it leaves in the catalog.
    Declaration itself() {
        var record = Declaration.of(SchemaKind.APP, app.text());
        var values = new TreeMap<>(record.values());
        values.put(Installation.VERSION, List.of(new Literal.Whole(version)));
        return new Declaration(SchemaKind.APP, app.text(), values);
    }
}
