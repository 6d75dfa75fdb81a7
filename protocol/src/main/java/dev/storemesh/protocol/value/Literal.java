package dev.storemesh.protocol.value;

/// A value as it stands in JSON, before its definition has said what it means: `"12.50"` may be a string, a decimal
/// or a reference. [Value#read] makes a value of it.
public sealed interface Literal {
    record Text(String text) implements Literal {}

    record Whole(long number) implements Literal {}

    record Flag(boolean flag) implements Literal {}

    /// `{"amount": minor units, "currency": ISO 4217}`.
    record Amount(long amount, String currency) implements Literal {}

    /// What an error message calls it.
    default String kind() {
        return switch (this) {
            case Text text -> "a string";
            case Whole whole -> "a number";
            case Flag flag -> "a boolean";
            case Amount amount -> "an amount of money";
        };
    }
}
