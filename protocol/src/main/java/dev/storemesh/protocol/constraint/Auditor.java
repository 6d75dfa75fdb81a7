package dev.storemesh.protocol.constraint;

import dev.storemesh.protocol.constraint.Audit.Shown;
import dev.storemesh.protocol.constraint.Surroundings.Standing;
import dev.storemesh.protocol.schema.Constraint;
import dev.storemesh.protocol.schema.Rule;
import dev.storemesh.protocol.schema.Schema;
import dev.storemesh.protocol.schema.Violation;
import dev.storemesh.protocol.schema.Violation.Code;
import dev.storemesh.protocol.value.Attribute;
import dev.storemesh.protocol.value.ConstraintName;
import dev.storemesh.protocol.value.ObjectToken;
import dev.storemesh.protocol.value.TypeName;
import java.util.HashMap;
import java.util.HashSet;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.function.Function;
import java.util.stream.Stream;

/// Goes through objects once, and notes what does not fit the schema that is to be.
final class Auditor {
    private final AuditPlan plan;
    private final Schema after;
    private final DefinitionRules definitions;
    private final ReferenceRules references;
    private final Tally tally = new Tally();
    private final Map<ConstraintName, Map<Shown, Set<ObjectToken>>> held = new HashMap<>();

    Auditor(AuditPlan plan, Schema after, Function<ObjectToken, Optional<TypeName>> typeOf) {
        this.plan = plan;
        this.after = after;
        this.definitions = new DefinitionRules(typeOf);
        this.references = new ReferenceRules(after, typeOf);
    }

    void examine(Standing standing) {
        var subject = Subject.of(standing);
        judgeType(subject);
        standing.attributes().forEach(row -> judgePlace(subject, row));
        for (var name : subject.definitions()) {
            var definition = plan.definitions().get(name);
            if (definition != null) {
                definitions.judge(name, definition, subject).forEach(tally::add);
            }
        }
        plan.constraints().stream()
                .filter(constraint -> ObjectJudge.reaches(after, constraint, subject.type()))
                .forEach(constraint -> judge(constraint, subject));
    }

    Findings findings() {
        return new Findings(tally.count(), tally.first(), held);
    }

    private void judgeType(Subject subject) {
        if (plan.types().contains(subject.type())) {
            tally.add(Violation.of(
                    Code.TYPE_IN_USE,
                    subject.object().text(),
                    "The object is of " + subject.type() + ", which is to be deleted."));
        }
    }

    private void judgePlace(Subject subject, Attribute row) {
        row.location()
                .filter(plan.locations()::contains)
                .map(location -> Violation.of(
                                Code.LOCATION_IN_USE,
                                subject.object().text(),
                                row.slot(),
                                "The object has a value of " + row.definition() + " at " + location
                                        + ", which is to be deleted.")
                        .with(row.value().literal()))
                .ifPresent(tally::add);
    }

    private void judge(Constraint constraint, Subject subject) {
        var rows = subject.rows(constraint.definition());
        Stream.of(
                        rows.stream().flatMap(row -> RowRules.judge(constraint, subject.object(), row).stream()),
                        rows.stream().flatMap(row -> references.judge(constraint, subject, row).stream()),
                        SlotRules.judge(after, constraint, subject))
                .flatMap(found -> found)
                .forEach(tally::add);
        if (constraint.rule() instanceof Rule.Unique) {
            var values = held.computeIfAbsent(constraint.name(), name -> new HashMap<>());
            rows.forEach(row -> values.computeIfAbsent(new Shown(row.location(), row.value()), shown -> new HashSet<>())
                    .add(subject.object()));
        }
    }
}
