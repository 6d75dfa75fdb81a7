package dev.storemesh.protocol.schema;

import dev.storemesh.protocol.schema.DecisionRule.Decision;
import dev.storemesh.protocol.schema.Violation.Code;
import dev.storemesh.protocol.value.DefinitionName;
import dev.storemesh.protocol.value.RuleName;
import dev.storemesh.protocol.value.StoreId;
import dev.storemesh.protocol.value.TypeName;
import dev.storemesh.protocol.value.Value;
import dev.storemesh.protocol.value.ValueType;
import java.util.HashSet;
import java.util.Optional;
import java.util.Set;
import java.util.function.Function;
import java.util.regex.Pattern;

/// Makes a decision rule of an object of `sys.decision_rule`.
final class DecisionRuleReader {
    private static final Pattern ROLE = Pattern.compile("[a-z][a-z_]{0,39}");
    private static final int MOST = 1_000;

    private final SchemaFields fields;
    private final Function<DefinitionName, Optional<Definition>> definitions;

    DecisionRuleReader(SchemaFields fields, Function<DefinitionName, Optional<Definition>> definitions) {
        this.fields = fields;
        this.definitions = definitions;
    }

    /// Empty if anything is wrong with it; the fields say what.
    Optional<DecisionRule> read() {
        var name = fields.need("name", RuleName::new);
        var decision = fields.need("decision", SchemaWords.of(Decision.class, Decision::wireName));
        var ruled = each("definition", DefinitionName::new);
        var stores = each("store", text -> new StoreId(text).text());
        var roles = each("role", DecisionRuleReader::role);
        var type = fields.read("type", TypeName::new);
        var where = where();
        var percent = fields.decimal("withinPercent");
        ruled.forEach(this::checkKnown);
        checkPercent(ruled);
        if (name.isEmpty() || decision.isEmpty() || !fields.isSound()) {
            return Optional.empty();
        }
        return Optional.of(new DecisionRule(
                name.get(),
                decision.get(),
                fields.whole("order").orElse(0L),
                ruled,
                stores,
                roles,
                type,
                where,
                percent,
                fields.flag("conflicts")));
    }

    private <T> Set<T> each(String field, Function<String, T> parser) {
        var all = fields.all(field);
        if (all.size() > MOST) {
            refuse(field, all.size() + " values are listed (expected: at most " + MOST + ").");
            return Set.of();
        }
        var read = new HashSet<T>();
        for (var value : all) {
            if (value instanceof Value.Text(var text)) {
                try {
                    read.add(parser.apply(text));
                } catch (IllegalArgumentException e) {
                    refuse(field, "The attribute " + field + " does not read: " + e.getMessage() + ".");
                }
            }
        }
        return read;
    }

    private static String role(String text) {
        if (!ROLE.matcher(text).matches()) {
            throw new IllegalArgumentException("not a role (expected: such as store_manager)");
        }
        return text;
    }

    private Optional<DecisionRule.Where> where() {
        var attribute = fields.read("attribute", DefinitionName::new);
        attribute.ifPresent(this::checkKnown);
        if (attribute.isPresent() != fields.has("value")) {
            refuse("attribute", "An attribute goes with the values that it may have, and these with an attribute.");
        }
        return attribute.map(name -> new DecisionRule.Where(name, each("value", text -> text)));
    }

    private void checkKnown(DefinitionName name) {
        if (definitions.apply(name).isEmpty()) {
            fields.refuse(Code.UNKNOWN_ATTRIBUTE, "definition", "There is no definition " + name + ".");
        }
    }

    private void checkPercent(Set<DefinitionName> ruled) {
        if (!fields.has("withinPercent")) {
            return;
        }
        if (fields.decimal("withinPercent")
                .filter(percent -> percent.signum() >= 0)
                .isEmpty()) {
            refuse("withinPercent", "A change is within a number of percent from 0 on.");
        }
        var isOfNumbers = ruled.stream()
                .flatMap(name -> definitions.apply(name).stream())
                .allMatch(definition -> isNumber(definition.type()));
        if (ruled.isEmpty() || !isOfNumbers) {
            refuse("withinPercent", "It goes with definitions of numbers and amounts, which are named.");
        }
    }

    private static boolean isNumber(ValueType type) {
        return type == ValueType.INTEGER || type == ValueType.DECIMAL || type == ValueType.MONEY;
    }

    private void refuse(String field, String message) {
        fields.refuse(Code.INVALID_SCHEMA, field, message);
    }
}
