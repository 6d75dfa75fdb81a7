package dev.storemesh.protocol.value;

import dev.storemesh.protocol.value.Value.Decimal;
import dev.storemesh.protocol.value.Value.Flag;
import dev.storemesh.protocol.value.Value.Moment;
import dev.storemesh.protocol.value.Value.Money;
import dev.storemesh.protocol.value.Value.Reference;
import dev.storemesh.protocol.value.Value.Text;
import dev.storemesh.protocol.value.Value.Whole;
import java.util.Comparator;

/// The orders of values. Both agree with `equals`; values of different types follow in order of their types, which
/// only happens where a definition has changed its type.
public enum ValueOrder implements Comparator<Value> {
    /// As people read lists: strings by folded text, then as written; money by currency, then amount; `false` before
    /// `true`; references by token.
    READING {
        @Override
        int texts(String left, String right) {
            return Folded.compare(left, right);
        }
    },
    /// The same, but strings by their UTF-16 code units: for text that is folded already.
    PLAIN {
        @Override
        int texts(String left, String right) {
            return left.compareTo(right);
        }
    };

    abstract int texts(String left, String right);

    @Override
    public int compare(Value left, Value right) {
        return switch (left) {
            case Text(var text) when right instanceof Text(var other) -> texts(text, other);
            case Whole(var number) when right instanceof Whole(var other) -> Long.compare(number, other);
            case Decimal(var number) when right instanceof Decimal(var other) -> number.compareTo(other);
            case Flag(var flag) when right instanceof Flag(var other) -> Boolean.compare(flag, other);
            case Moment(var instant) when right instanceof Moment(var other) -> instant.compareTo(other);
            case Money money when right instanceof Money other -> moneys(money, other);
            case Reference(var target) when right instanceof Reference(var other) -> target.compareTo(other);
            default -> left.type().compareTo(right.type());
        };
    }

    private static int moneys(Money left, Money right) {
        var order = left.currency().compareTo(right.currency());
        return order != 0 ? order : Long.compare(left.amount(), right.amount());
    }
}
