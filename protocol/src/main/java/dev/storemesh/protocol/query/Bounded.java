package dev.storemesh.protocol.query;

import java.util.ArrayList;
import java.util.List;
import java.util.function.Function;

/// What a question to one partition comes to that must not cost too much.
public sealed interface Bounded<T> {
    record Within<T>(T value) implements Bounded<T> {}

    /// Given up at `limit` of `what`.
    record TooCostly<T>(String what, long limit) implements Bounded<T> {}

    /// One answer of several; too costly if one is.
    static <T, R> Bounded<R> all(List<Bounded<T>> answers, Function<List<T>, R> merge) {
        var values = new ArrayList<T>();
        for (var answer : answers) {
            switch (answer) {
                case Within<T>(var value) -> values.add(value);
                case TooCostly<T>(var what, var limit) -> {
                    return new TooCostly<>(what, limit);
                }
            }
        }
        return new Within<>(merge.apply(values));
    }
}
