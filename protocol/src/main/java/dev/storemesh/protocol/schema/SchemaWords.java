package dev.storemesh.protocol.schema;

import dev.storemesh.protocol.json.Texts;
import java.util.Arrays;
import java.util.function.Function;
import java.util.stream.Collectors;

/// Reads one of a few words, such as `string` or `many`.
final class SchemaWords {
    private SchemaWords() {}

    /// A parser of the names that `wireName` gives to the constants.
    static <E extends Enum<E>> Function<String, E> of(Class<E> type, Function<E, String> wireName) {
        return word -> Arrays.stream(type.getEnumConstants())
                .filter(constant -> wireName.apply(constant).equals(word))
                .findFirst()
                .orElseThrow(() -> new IllegalArgumentException("\""
                        + Texts.shortened(word, 80) + "\" (expected: "
                        + Arrays.stream(type.getEnumConstants()).map(wireName).collect(Collectors.joining(", "))
                        + ")"));
    }
}
