package dev.storemesh.protocol.json;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import dev.storemesh.protocol.value.ObjectToken;
import org.assertj.core.api.ThrowableAssert.ThrowingCallable;
import org.junit.jupiter.api.Test;

final class FieldsTest {
    private static Fields of(String json) {
        return Fields.of(Json.parse(json));
    }

    private static void refuses(String code, String field, ThrowingCallable call) {
        assertThatExceptionOfType(MalformedInput.class).isThrownBy(call).satisfies(e -> {
            assertThat(e.code()).isEqualTo(code);
            assertThat(e.field()).isEqualTo(field);
            assertThat(e.getMessage()).isNotBlank();
        });
    }

    @Test
    void readsWhatIsThere() {
        var fields = of("{\"a\":\"x\",\"n\":-5,\"f\":true,\"l\":[\"p\",\"q\"]}");
        assertThat(fields.text("a")).isEqualTo("x");
        assertThat(fields.number("n")).isEqualTo(-5);
        assertThat(fields.flag("f", false)).isTrue();
        assertThat(fields.list("l", (node, pointer) -> pointer + node.textValue()))
                .containsExactly("/l/0p", "/l/1q");
        assertThat(fields.optionalText("none")).isEmpty();
        assertThat(fields.optionalNumber("none")).isEmpty();
        assertThat(fields.flag("none", true)).isTrue();
        assertThat(fields.list("none", (node, pointer) -> pointer)).isEmpty();
        fields.end();
    }

    @Test
    void namesTheMissingField() {
        refuses("missing_field", "/a", () -> of("{}").text("a"));
        refuses("missing_field", "/a", () -> of("{}").number("a"));
        refuses("missing_field", "/a", () -> of("{}").any("a"));
        refuses("missing_field", "/a", () -> of("{}").parsed("a", ObjectToken::new));
    }

    @Test
    void namesTheFieldOfTheWrongKind() {
        refuses("invalid_value", "/a", () -> of("{\"a\":1}").text("a"));
        refuses("invalid_value", "/a", () -> of("{\"a\":null}").optionalText("a"));
        refuses("invalid_value", "/a", () -> of("{\"a\":\"1\"}").number("a"));
        refuses("invalid_value", "/a", () -> of("{\"a\":1.0}").number("a"));
        refuses("invalid_value", "/a", () -> of("{\"a\":9223372036854775808}").number("a"));
        refuses("invalid_value", "/a", () -> of("{\"a\":1e3}").number("a"));
        refuses("invalid_value", "/a", () -> of("{\"a\":\"true\"}").flag("a", false));
        refuses("invalid_value", "/a", () -> of("{\"a\":null}").flag("a", false));
        refuses("invalid_value", "/a", () -> of("{\"a\":{}}").list("a", (node, pointer) -> pointer));
        refuses("invalid_value", "/a", () -> of("{\"a\":\"no token\"}").parsed("a", ObjectToken::new));
        refuses("invalid_value", "", () -> of("[]"));
    }

    /// RFC 6901: `~` is `~0` and `/` is `~1`.
    @Test
    void pointsIntoTheBody() {
        refuses("unknown_field", "/a~1b~0c", () -> of("{\"a/b~c\":1}").end());
        refuses(
                "unknown_field",
                "/l/1/x",
                () -> of("{\"l\":[{},{\"x\":1}]}").list("l", (node, pointer) -> {
                    Fields.of(node, pointer).end();
                    return pointer;
                }));
        refuses("invalid_value", "/l/0", () -> of("{\"l\":[1]}").list("l", Fields::of));
    }

    @Test
    void refusesWhatNobodyAskedFor() {
        var fields = of("{\"a\":\"x\",\"b\":null}");
        assertThat(fields.text("a")).isEqualTo("x");
        refuses("unknown_field", "/b", fields::end);
        assertThat(fields.optional("b")).isPresent();
        fields.end();
    }
}
