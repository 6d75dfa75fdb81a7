package dev.storemesh.protocol.model;

import dev.storemesh.protocol.value.Literal;
import java.util.List;
import java.util.Map;
import java.util.stream.LongStream;

/// Few values of each type, so that objects come to have the same ones.
final class RandomValues {
    private static final Map<String, List<Literal>> POOLS = Map.of(
            "string", texts("a", "b", "ab", "abc", "é", "\uD83C\uDF75", ""),
            "integer", wholes(-1, 0, 1, 2, 5),
            "decimal", texts("1", "1.0", "2.5", "-3", "0"),
            "boolean", List.of(new Literal.Flag(true), new Literal.Flag(false)),
            "instant", texts("2026-01-31T08:00:00Z", "2026-01-31T08:00:00.000Z", "2026-02-01T08:00:00.5Z"),
            "money",
                    List.of(
                            new Literal.Amount(100, "USD"),
                            new Literal.Amount(100, "EUR"),
                            new Literal.Amount(250, "USD"),
                            new Literal.Amount(-1, "USD")));
    private static final List<Literal> WRONG = List.of(
            new Literal.Text("x y"),
            new Literal.Whole(9007199254740992L),
            new Literal.Flag(true),
            new Literal.Amount(1, "ZZZ"),
            new Literal.Text("-0"));

    private RandomValues() {}

    private static List<Literal> texts(String... texts) {
        return List.of(texts).stream().<Literal>map(Literal.Text::new).toList();
    }

    private static List<Literal> wholes(long... numbers) {
        return LongStream.of(numbers).<Literal>mapToObj(Literal.Whole::new).toList();
    }

    /// @param tokens what references may name; not empty
    static Literal of(Dice dice, String valueType, List<String> tokens) {
        if (dice.percent(2)) {
            return dice.one(WRONG);
        }
        return valueType.equals("reference")
                ? new Literal.Text(dice.one(tokens))
                : dice.one(POOLS.getOrDefault(valueType, WRONG));
    }

    /// A value as constraints list it.
    static String listed(Dice dice, String valueType, List<String> tokens) {
        return switch (of(dice, valueType, tokens)) {
            case Literal.Text(var text) -> text;
            case Literal.Whole(var number) -> Long.toString(number);
            case Literal.Flag(var flag) -> Boolean.toString(flag);
            case Literal.Amount(var amount, var currency) -> amount + currency;
        };
    }
}
