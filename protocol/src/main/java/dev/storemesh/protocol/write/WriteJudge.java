package dev.storemesh.protocol.write;

import dev.storemesh.protocol.constraint.Audit;
import dev.storemesh.protocol.constraint.Consequence;
import dev.storemesh.protocol.constraint.Constraints;
import dev.storemesh.protocol.constraint.Edit;
import dev.storemesh.protocol.constraint.Findings;
import dev.storemesh.protocol.constraint.Surroundings.Standing;
import dev.storemesh.protocol.log.ObjectChange;
import dev.storemesh.protocol.schema.Schema;
import dev.storemesh.protocol.schema.SchemaObject;
import dev.storemesh.protocol.schema.SchemaRules;
import dev.storemesh.protocol.schema.Violation;
import dev.storemesh.protocol.schema.Violation.Code;
import dev.storemesh.protocol.value.ObjectToken;
import dev.storemesh.protocol.value.TypeName;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.function.Predicate;
import java.util.stream.Collectors;

/// Says what one write would do to the objects that it touches, or all that is wrong with it. Rules are judged on the
/// state after the whole write, so two objects may refer to each other in one, and a write may use the definitions
/// that it makes: schema objects are judged first, the others by the schema that they leave.
public final class WriteJudge {
    private final Basis basis;
    private final Fetched.Round round;
    private final Set<Lookup> missing = new LinkedHashSet<>();
    private final List<Violation> violations = new ArrayList<>();
    private final Drafts drafts;
    private final EndState end;
    private boolean isSchemaSound;

    /// What a write is judged by: the schema, the objects that make it, and which names are not the writer's to use.
    public record Basis(Schema schema, Collection<SchemaObject> objects, Predicate<String> foreign) {
        public Basis {
            objects = List.copyOf(objects);
        }
    }

    /// What judging comes to.
    public sealed interface Judgement {}

    public record Sound(List<ObjectChange> changes) implements Judgement {
        public Sound {
            changes = List.copyOf(changes);
        }
    }

    /// There are `count` violations, of which the first are named.
    public record Unsound(List<Violation> violations, long count) implements Judgement {
        public Unsound {
            violations = List.copyOf(violations);
        }
    }

    /// Fetch these and judge again.
    public record Lacking(Set<Lookup> lookups) implements Judgement {
        public Lacking {
            lookups = Set.copyOf(lookups);
        }
    }

    /// What was fetched is of before this round, and earlier writes of it changed objects: begin another round.
    public record Outdated() implements Judgement {}

    private WriteJudge(Basis basis, Fetched.Round round) {
        this.basis = basis;
        this.round = round;
        this.drafts = new Drafts(basis.schema(), round, missing, violations);
        this.end = new EndState(round, drafts.all(), missing);
    }

    /// Judges operations.
    ///
    /// @param names the tokens of the temporary names in them
    public static Judgement judge(
            List<Operation> operations, Map<String, ObjectToken> names, Basis basis, Fetched.Round round) {
        return new WriteJudge(basis, round).judge(operations, names);
    }

    /// Judges that objects become again what they were.
    public static Judgement restore(Map<ObjectToken, ObjectState> then, Basis basis, Fetched.Round round) {
        return new WriteJudge(basis, round).restore(then);
    }

    private Judgement judge(List<Operation> operations, Map<String, ObjectToken> names) {
        if (operations.stream().allMatch(Operation.Bring.class::isInstance)) {
            missing.addAll(Foresight.of(operations, basis.schema(), round));
            if (!missing.isEmpty()) {
                return new Lacking(missing);
            }
        }
        var first = TemporaryNames.resolve(operations, names, basis.schema());
        first.stream().filter(drafts::isOfSchema).forEach(operation -> drafts.apply(operation, basis.schema()));
        var schema = schemaAtEnd();
        TemporaryNames.resolve(first, names, schema).stream()
                .filter(operation -> !drafts.isOfSchema(operation))
                .forEach(operation -> drafts.apply(operation, schema));
        return judged(schema);
    }

    private Judgement restore(Map<ObjectToken, ObjectState> then) {
        split(then, true).forEach((token, state) -> drafts.restore(token, state, basis.schema()));
        var schema = schemaAtEnd();
        split(then, false).forEach((token, state) -> drafts.restore(token, state, schema));
        return judged(schema);
    }

    private static Map<ObjectToken, ObjectState> split(Map<ObjectToken, ObjectState> then, boolean ofSchema) {
        var part = new LinkedHashMap<ObjectToken, ObjectState>();
        then.forEach((token, state) -> {
            if (token.isOfSchema() == ofSchema) {
                part.put(token, state);
            }
        });
        return part;
    }

    /// The schema that the drafts of schema objects leave; what is wrong with them is noted.
    private Schema schemaAtEnd() {
        isSchemaSound = violations.isEmpty();
        if (drafts.all().values().stream().allMatch(draft -> draft.change().isEmpty())) {
            return basis.schema();
        }
        var after = new LinkedHashMap<ObjectToken, SchemaObject>();
        basis.objects().forEach(object -> after.put(object.token(), object));
        drafts.all().values().forEach(draft -> {
            if (draft.isDeleted()) {
                after.remove(draft.token());
            } else {
                after.put(draft.token(), draft.schemaObject());
            }
        });
        var judged = SchemaRules.judge(basis.objects(), after.values(), basis.foreign());
        violations.addAll(judged.violations());
        isSchemaSound = violations.isEmpty();
        return judged.schema();
    }

    private Judgement judged(Schema schema) {
        carryOut(schema);
        var structural = slots(violations);
        Constraints.violations(schema, edits(), end).stream()
                .filter(violation -> !follows(violation, structural))
                .forEach(violations::add);
        var count = (long) violations.size();
        if (isSchemaSound && Audit.isNeeded(basis.schema(), schema)) {
            if (round.hasChanged()) {
                return new Outdated();
            }
            count = audited(schema);
        }
        if (!missing.isEmpty()) {
            return new Lacking(missing);
        }
        return violations.isEmpty() ? new Sound(changes()) : new Unsound(violations, count);
    }

    /// Adds what is wrong with all objects by a schema that changes: the drafts as the write leaves them, and the
    /// others as they stand. How many violations there are then.
    private long audited(Schema schema) {
        var others = others(new Lookup.Examine(basis.schema(), schema, typesAtEnd()));
        if (others.isEmpty()) {
            return violations.size();
        }
        var standing = drafts.all().values().stream().flatMap(draft -> draft.standing().stream());
        var all = Audit.concluded(schema, others.get().and(Audit.examine(basis.schema(), schema, standing, end::type)));
        var fresh = all.first().stream()
                .filter(violation -> !violations.contains(violation))
                .toList();
        var told = all.first().size() - fresh.size();
        violations.addAll(fresh);
        return violations.size() + all.count() - fresh.size() - told;
    }

    /// What the partitions found. Where they met references to what they do not own, they are asked again when it is
    /// known what that is.
    private Optional<Findings> others(Lookup.Examine first) {
        var lookup = first;
        var found = round.findings(lookup);
        while (found.filter(findings -> !findings.elsewhere().isEmpty()).isPresent()) {
            var elsewhere = found.get().elsewhere();
            var heads = round.missing(elsewhere);
            if (!heads.isEmpty()) {
                missing.addAll(heads);
                return Optional.empty();
            }
            lookup = lookup.knowing(elsewhere.stream().collect(Collectors.toMap(token -> token, this::typeBefore)));
            found = round.findings(lookup);
        }
        if (found.isEmpty()) {
            missing.add(lookup);
        }
        return found;
    }

    private Optional<TypeName> typeBefore(ObjectToken token) {
        return round.head(token)
                .flatMap(state -> state instanceof ObjectState.Live live ? Optional.of(live.type()) : Optional.empty());
    }

    private Map<ObjectToken, Optional<TypeName>> typesAtEnd() {
        var types = new HashMap<ObjectToken, Optional<TypeName>>();
        drafts.all().forEach((token, draft) -> types.put(token, draft.standing().map(Standing::type)));
        return types;
    }

    /// Deletes and clears what the deletions bring with them, until nothing more follows.
    private void carryOut(Schema schema) {
        if (drafts.all().values().stream().noneMatch(Draft::isDeleted)) {
            return;
        }
        var follows = Constraints.consequences(schema, edits(), end);
        while (!follows.isEmpty()) {
            var before = missing.size();
            for (var consequence : follows) {
                drafts.draft(consequence.object()).ifPresent(draft -> {
                    switch (consequence) {
                        case Consequence.Clear(var object, var row) -> draft.remove(row);
                        case Consequence.Cascade cascade -> draft.delete();
                    }
                });
            }
            end.changed();
            if (missing.size() > before) {
                return; // it goes on when they are known
            }
            follows = Constraints.consequences(schema, edits(), end);
        }
    }

    private List<Edit> edits() {
        return drafts.all().values().stream().map(Draft::edit).toList();
    }

    /// What could not be set is not missing, too.
    private static boolean follows(Violation violation, Set<List<Object>> structural) {
        return (violation.code() == Code.REQUIRED || violation.code() == Code.CARDINALITY)
                && structural.contains(slot(violation));
    }

    private static Set<List<Object>> slots(List<Violation> violations) {
        var slots = new HashSet<List<Object>>();
        violations.forEach(violation -> slots.add(slot(violation)));
        return slots;
    }

    private static List<Object> slot(Violation violation) {
        return List.of(violation.object(), violation.attribute());
    }

    private List<ObjectChange> changes() {
        return drafts.all().values().stream()
                .flatMap(draft -> draft.change().stream())
                .toList();
    }
}
