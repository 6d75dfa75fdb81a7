package dev.storemesh.protocol.constraint;

import dev.storemesh.protocol.constraint.Consequence.Cascade;
import dev.storemesh.protocol.constraint.Consequence.Clear;
import dev.storemesh.protocol.constraint.Surroundings.Standing;
import dev.storemesh.protocol.schema.Rule.OnDelete;
import dev.storemesh.protocol.schema.Schema;
import dev.storemesh.protocol.schema.Violation;
import dev.storemesh.protocol.schema.Violation.Code;
import dev.storemesh.protocol.value.Attribute;
import dev.storemesh.protocol.value.DefinitionName;
import dev.storemesh.protocol.value.Literal;
import dev.storemesh.protocol.value.ObjectToken;
import dev.storemesh.protocol.value.Slot;
import dev.storemesh.protocol.value.Value;
import java.util.Collection;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/// What becomes of the references to an object that a write deletes.
final class Deletions {
    /// How many referrers of one deleted object are named.
    static final int NAMED = 100;

    private final Surroundings end;
    private final ReferenceRules rules;
    private final Map<ObjectToken, Set<Attribute>> before = new HashMap<>();

    Deletions(Schema schema, Collection<Edit> edits, Surroundings end) {
        this.end = end;
        this.rules = new ReferenceRules(schema, end::type);
        edits.forEach(edit -> before.put(edit.object(), Set.copyOf(edit.before().orElse(List.of()))));
    }

    /// Each row says for itself what follows; one that blocks brings nothing with it.
    Stream<Consequence> consequences(ObjectToken deleted) {
        return referrers(deleted)
                .flatMap(referrer -> rows(referrer, deleted).flatMap(row -> consequence(referrer, row).stream()));
    }

    private Optional<Consequence> consequence(Standing referrer, Attribute row) {
        return switch (onDelete(referrer, row.definition())) {
            case BLOCK -> Optional.empty();
            case CASCADE -> Optional.of(new Cascade(referrer.object()));
            case CLEAR -> Optional.of(new Clear(referrer.object(), row));
        };
    }

    /// One for each object and definition that keeps `deleted` in place.
    List<Violation> violations(ObjectToken deleted) {
        return referrers(deleted)
                .flatMap(referrer -> blocking(referrer, deleted).keySet().stream()
                        .map(definition -> referenced(referrer, definition, deleted)))
                .limit(NAMED)
                .toList();
    }

    private Map<DefinitionName, List<Attribute>> blocking(Standing referrer, ObjectToken deleted) {
        return rows(referrer, deleted)
                .filter(row -> onDelete(referrer, row.definition()) == OnDelete.BLOCK)
                .collect(Collectors.groupingBy(Attribute::definition, TreeMap::new, Collectors.toList()));
    }

    private Violation referenced(Standing referrer, DefinitionName definition, ObjectToken deleted) {
        var slot = new Slot(definition, Optional.empty());
        var words =
                "The object " + deleted + " is still referred to by " + referrer.object() + " in " + definition + ".";
        return rules.deciding(definition, referrer.type())
                .map(constraint -> Finding.of(constraint, Code.REFERENCED, deleted, slot, words))
                .orElseGet(() -> Violation.of(Code.REFERENCED, deleted.text(), slot, words))
                .with(new Literal.Text(referrer.object().text()));
    }

    private OnDelete onDelete(Standing referrer, DefinitionName definition) {
        return ReferenceRules.onDelete(rules.deciding(definition, referrer.type()));
    }

    private Stream<Standing> referrers(ObjectToken deleted) {
        return end.referrers(deleted).stream().sorted().flatMap(token -> end.object(token).stream());
    }

    /// Those that stood before the write: one that the write set refers to what is not there, which is wrong by
    /// itself.
    private Stream<Attribute> rows(Standing referrer, ObjectToken deleted) {
        var reference = new Value.Reference(deleted);
        var stood = before.get(referrer.object());
        return referrer.attributes().stream()
                .filter(row -> row.value().equals(reference) && (stood == null || stood.contains(row)));
    }
}
