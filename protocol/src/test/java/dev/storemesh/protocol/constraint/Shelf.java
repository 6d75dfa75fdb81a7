package dev.storemesh.protocol.constraint;

import dev.storemesh.protocol.constraint.Surroundings.Standing;
import dev.storemesh.protocol.schema.Schema;
import dev.storemesh.protocol.schema.SchemaObject;
import dev.storemesh.protocol.schema.SchemaRules;
import dev.storemesh.protocol.schema.StandardSchema;
import dev.storemesh.protocol.schema.Violation;
import dev.storemesh.protocol.value.Attribute;
import dev.storemesh.protocol.value.DefinitionName;
import dev.storemesh.protocol.value.LocationId;
import dev.storemesh.protocol.value.ObjectToken;
import dev.storemesh.protocol.value.TypeName;
import dev.storemesh.protocol.value.Value;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.function.Predicate;
import java.util.stream.Collectors;

/// Objects in memory, and writes to them: what the engine is asked about in tests.
final class Shelf implements Surroundings {
    private final Map<ObjectToken, Standing> before = new TreeMap<>();
    private final Map<ObjectToken, Standing> after = new TreeMap<>();
    private final List<ObjectToken> touched = new ArrayList<>();

    static Schema schema(SchemaObject... objects) {
        var judged = SchemaRules.judge(List.of(), List.of(objects), name -> false);
        if (!judged.violations().isEmpty()) {
            throw new IllegalArgumentException("schema: " + judged.violations() + " (expected: a sound one)");
        }
        return judged.schema();
    }

    static Standing item(String token, Attribute... rows) {
        return new Standing(new ObjectToken(token), StandardSchema.ITEM, List.of(rows));
    }

    static Standing of(TypeName type, String token, Attribute... rows) {
        return new Standing(new ObjectToken(token), type, List.of(rows));
    }

    /// `definition` or `definition@location`.
    static Attribute row(String slot, Value value) {
        var parts = slot.split("@", 2);
        return new Attribute(
                new DefinitionName(parts[0]),
                parts.length == 1 ? Optional.empty() : Optional.of(new LocationId(parts[1])),
                value);
    }

    static Attribute row(String slot, String text) {
        return row(slot, new Value.Text(text));
    }

    static Attribute row(String slot, long number) {
        return row(slot, new Value.Whole(number));
    }

    static Attribute link(String slot, String target) {
        return row(slot, new Value.Reference(new ObjectToken(target)));
    }

    /// What a violation is about: `code constraint object slot value`.
    static String shown(Violation violation) {
        return violation.code().wireName()
                + violation
                        .constraint()
                        .map(c -> " " + c.text().replaceFirst(".*\\.", ""))
                        .orElse(" -")
                + " " + violation.object()
                + violation
                        .attribute()
                        .map(a -> " " + a.text().replaceFirst(".*\\.", ""))
                        .orElse("")
                + violation.location().map(l -> "@" + l).orElse("");
    }

    Shelf standing(Standing... objects) {
        for (var object : objects) {
            before.put(object.object(), object);
            after.put(object.object(), object);
        }
        return this;
    }

    Shelf put(Standing... objects) {
        for (var object : objects) {
            after.put(object.object(), object);
            touched.add(object.object());
        }
        return this;
    }

    Shelf delete(String... tokens) {
        for (var text : tokens) {
            var token = new ObjectToken(text);
            after.remove(token);
            touched.add(token);
        }
        return this;
    }

    List<Edit> edits() {
        return touched.stream().distinct().map(this::edit).toList();
    }

    private Edit edit(ObjectToken token) {
        var was = Optional.ofNullable(before.get(token));
        var is = Optional.ofNullable(after.get(token));
        return new Edit(
                token,
                is.or(() -> was).map(Standing::type).orElse(StandardSchema.ITEM),
                was.map(Standing::attributes),
                is.map(Standing::attributes));
    }

    List<String> violations(Schema schema) {
        return Constraints.violations(schema, edits(), this).stream()
                .map(Shelf::shown)
                .toList();
    }

    /// Carries the consequences out, as whoever judges a write does.
    Shelf settled(Schema schema) {
        var follows = Constraints.consequences(schema, edits(), this);
        while (!follows.isEmpty()) {
            for (var consequence : follows) {
                switch (consequence) {
                    case Consequence.Cascade(var object) -> delete(object.text());
                    case Consequence.Clear(var object, var row) ->
                        object(object).ifPresent(standing -> put(without(standing, row)));
                }
            }
            follows = Constraints.consequences(schema, edits(), this);
        }
        return this;
    }

    private static Standing without(Standing standing, Attribute row) {
        var rows = new ArrayList<>(standing.attributes());
        rows.remove(row);
        return new Standing(standing.object(), standing.type(), rows);
    }

    Map<String, List<Attribute>> all() {
        var all = new LinkedHashMap<String, List<Attribute>>();
        after.forEach((token, standing) -> all.put(token.text(), standing.attributes()));
        return all;
    }

    @Override
    public Optional<Standing> object(ObjectToken token) {
        return Optional.ofNullable(after.get(token));
    }

    @Override
    public Set<ObjectToken> holders(DefinitionName definition, Value value) {
        return having(row -> row.definition().equals(definition) && row.value().equals(value));
    }

    @Override
    public Set<ObjectToken> referrers(ObjectToken target) {
        return having(row -> row.value().equals(new Value.Reference(target)));
    }

    private Set<ObjectToken> having(Predicate<Attribute> wanted) {
        return after.values().stream()
                .filter(standing -> standing.attributes().stream().anyMatch(wanted))
                .map(Standing::object)
                .collect(Collectors.toCollection(TreeSet::new));
    }
}
