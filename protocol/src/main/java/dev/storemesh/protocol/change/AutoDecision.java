package dev.storemesh.protocol.change;

import dev.storemesh.protocol.schema.DecisionRule;
import dev.storemesh.protocol.schema.DecisionRule.Decision;
import dev.storemesh.protocol.value.Literal;
import dev.storemesh.protocol.value.RuleName;
import dev.storemesh.protocol.value.Value;
import java.math.BigDecimal;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/// What the decision rules of a catalog say to a change request. Pure.
///
/// A request is rejected where a rule rejects one of its changes, and approved where a rule approves each of them;
/// else it waits for a person.
///
/// @param by the rule that rejects it, or the first of those that approve it
public record AutoDecision(Decision decision, RuleName by) {
    /// The decision; empty: nobody but a person decides.
    ///
    /// @param rules in the order in which they are asked
    /// @param changes all that the request asks for
    public static Optional<AutoDecision> of(
            List<DecisionRule> rules, String store, Optional<String> role, List<AskedChange> changes) {
        var decisions = new ArrayList<AutoDecision>();
        var silent = false;
        for (var change : changes) {
            var first = rules.stream()
                    .filter(rule -> speaksOf(rule, store, role, change))
                    .findFirst();
            first.ifPresent(rule -> decisions.add(new AutoDecision(rule.decision(), rule.name())));
            silent |= first.isEmpty();
        }
        var rejected = decisions.stream()
                .filter(decision -> decision.decision() == Decision.REJECT)
                .findFirst();
        return rejected.isPresent() || silent ? rejected : decisions.stream().findFirst();
    }

    private static boolean speaksOf(DecisionRule rule, String store, Optional<String> role, AskedChange change) {
        return (rule.definitions().isEmpty()
                        || rule.definitions().contains(change.slot().definition()))
                && (rule.stores().isEmpty() || rule.stores().contains(store))
                && (rule.roles().isEmpty()
                        || role.filter(rule.roles()::contains).isPresent())
                && rule.type().map(change.type()::equals).orElse(true)
                && rule.where().map(where -> holds(where, change)).orElse(true)
                && rule.withinPercent()
                        .map(percent -> isWithin(percent, change))
                        .orElse(true)
                && (rule.conflicts() || !change.conflicted());
    }

    private static boolean holds(DecisionRule.Where where, AskedChange change) {
        return change.rows().stream()
                .filter(row -> row.attribute().definition().equals(where.attribute()))
                .anyMatch(row ->
                        where.values().contains(text(row.attribute().value().literal())));
    }

    private static String text(Literal literal) {
        return switch (literal) {
            case Literal.Text(var text) -> text;
            case Literal.Whole(var number) -> String.valueOf(number);
            case Literal.Flag(var flag) -> String.valueOf(flag);
            case Literal.Amount(var amount, var currency) -> amount + " " + currency;
        };
    }

    /// Exact: the difference times a hundred against the percents of the old value, whatever their signs.
    private static boolean isWithin(BigDecimal percent, AskedChange change) {
        var before = change.seen();
        var after = change.requested();
        if (before.isEmpty() || after.isEmpty() || !unit(before.get()).equals(unit(after.get()))) {
            return false;
        }
        var was = number(before.get());
        var is = number(after.get());
        return was.isPresent()
                && is.isPresent()
                && is.get()
                                .subtract(was.get())
                                .abs()
                                .movePointRight(2)
                                .compareTo(percent.multiply(was.get().abs()))
                        <= 0;
    }

    private static String unit(Value value) {
        return value instanceof Value.Money(var amount, var currency) ? currency : "";
    }

    private static Optional<BigDecimal> number(Value value) {
        return switch (value) {
            case Value.Whole(var number) -> Optional.of(BigDecimal.valueOf(number));
            case Value.Decimal(var number) -> Optional.of(number);
            case Value.Money(var amount, var currency) -> Optional.of(BigDecimal.valueOf(amount));
            default -> Optional.empty();
        };
    }
}
