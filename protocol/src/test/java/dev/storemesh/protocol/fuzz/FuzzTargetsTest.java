package dev.storemesh.protocol.fuzz;

import java.util.List;
import java.util.function.Consumer;
import java.util.stream.Stream;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.TestFactory;

/// The targets over their seeds, what was found with each, and every short cut or change of a seed.
final class FuzzTargetsTest {
    private static final List<byte[]> FOUND_IN_JSON = FuzzSeeds.texts(
            "{\"a\":1e99999999999}",
            "[1e999]",
            "{\"\\ud800\":1,\"\\ud800\":2}",
            "-123456789012345678901234567890123456789e3");

    @TestFactory
    Stream<DynamicTest> takesWhatIsSoundAndRefusesTheRest() {
        return Stream.of(
                target("json", JsonFuzz.seeds(), JsonFuzz::fuzzerTestOneInput),
                target("json, as once found", FOUND_IN_JSON, JsonFuzz::fuzzerTestOneInput),
                target("page tokens", PageTokensFuzz.seeds(), PageTokensFuzz::fuzzerTestOneInput),
                target("queries", QueriesFuzz.seeds(), QueriesFuzz::fuzzerTestOneInput),
                target("writes and log entries", WritesFuzz.seeds(), WritesFuzz::fuzzerTestOneInput));
    }

    private static DynamicTest target(String name, List<byte[]> inputs, Consumer<byte[]> target) {
        return DynamicTest.dynamicTest(name, () -> {
            for (var input : inputs) {
                target.accept(input);
                for (var i = 0; i < input.length; i++) {
                    target.accept(java.util.Arrays.copyOf(input, i));
                    var changed = input.clone();
                    for (var other : new int[] {0, 1, 0x22, 0x30, 0x7f, 0x80, 0xc0, 0xff}) {
                        changed[i] = (byte) other;
                        target.accept(changed);
                    }
                }
            }
        });
    }
}
