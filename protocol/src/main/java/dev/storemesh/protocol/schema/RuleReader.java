package dev.storemesh.protocol.schema;

import dev.storemesh.protocol.schema.Violation.Code;
import dev.storemesh.protocol.value.TypeName;
import dev.storemesh.protocol.value.ValueType;
import java.util.Optional;

/// Makes the rule of a constraint of what is said beside its kind.
final class RuleReader {
    private final SchemaFields fields;
    private final Definition definition;
    private final BoundsReader bounds;

    RuleReader(SchemaFields fields, Definition definition) {
        this.fields = fields;
        this.definition = definition;
        this.bounds = new BoundsReader(fields);
    }

    /// What it returns counts only if the fields are sound.
    Optional<Rule> read(RuleKind kind) {
        return switch (kind) {
            case REQUIRED -> Optional.of(required());
            case CARDINALITY -> Optional.of(count());
            case RANGE -> Optional.of(range());
            case LENGTH -> Optional.of(length());
            case PATTERN -> pattern().map(rule -> rule);
            case ONE_OF -> Optional.of(new Rule.OneOf(new ChoiceReader(fields, definition).read()));
            case UNIQUE -> Optional.of(new Rule.Unique(fields.flag("perLocation")));
            case REFERENCE -> Optional.of(refer());
            case GLOBAL_ONLY -> Optional.of(new Rule.GlobalOnly());
            case AUTHORITY -> authority().map(rule -> rule);
        };
    }

    private Rule required() {
        var perLocation = fields.flag("perLocation");
        if (fields.has("group") && !perLocation) {
            refuse("group", "A group of locations goes with perLocation only.");
        }
        return new Rule.Required(perLocation, fields.text("group"));
    }

    private Rule count() {
        var count = new Rule.Count(bounds.whole("min", 1), bounds.whole("max", 1));
        bounds.check();
        if (!definition.isSet()) {
            count.min().filter(min -> min > 1).ifPresent(min -> refuseSet("min"));
            count.max().filter(max -> max > 1).ifPresent(max -> refuseSet("max"));
        }
        return count;
    }

    private Rule length() {
        var length = new Rule.Length(bounds.whole("min", 0), bounds.whole("max", 0));
        bounds.check();
        return length;
    }

    private void refuseSet(String field) {
        refuse(field, "The attribute " + definition.name() + " has one value, never a set of them.");
    }

    private Rule range() {
        if (definition.type() == ValueType.MONEY) {
            bounds.checkMinorUnits();
        }
        bounds.check();
        return new Rule.Range(fields.decimal("min"), fields.decimal("max"));
    }

    private Optional<Rule.Pattern> pattern() {
        var regex = fields.text("pattern");
        if (regex.isEmpty()) {
            refuse("pattern", "A pattern constraint needs a pattern.");
        }
        regex.flatMap(Regexes::fault)
                .ifPresent(
                        fault -> refuse("pattern", "The pattern has, at " + fault.at() + ", " + fault.message() + "."));
        return regex.map(Rule.Pattern::new);
    }

    private Rule refer() {
        var target = fields.read("target", TypeName::new);
        var onDelete = fields.read("onDelete", SchemaWords.of(Rule.OnDelete.class, Rule.OnDelete::wireName));
        if (target.isPresent() && definition.target().isPresent() && !target.equals(definition.target())) {
            refuse(
                    "target",
                    "The attribute " + definition.name() + " refers to objects of "
                            + definition.target().get() + ", not of " + target.get() + ".");
        }
        return new Rule.Refer(target, onDelete.orElse(Rule.OnDelete.BLOCK));
    }

    private Optional<Rule.Decided> authority() {
        var authority = fields.need("authority", SchemaWords.of(Authority.class, Authority::wireName));
        if (authority.equals(Optional.of(Authority.STORE)) && !definition.variesByLocation()) {
            refuse(
                    "authority",
                    "A store owns the values at its locations; " + definition.name() + " does not vary by location.");
        }
        return authority.map(Rule.Decided::new);
    }

    private void refuse(String field, String message) {
        fields.refuse(Code.INVALID_CONSTRAINT, field, message);
    }
}
