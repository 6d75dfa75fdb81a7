package dev.storemesh.protocol.constraint;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.storemesh.protocol.constraint.CaseOutcome.Accepted;
import dev.storemesh.protocol.constraint.CaseOutcome.Refused;
import dev.storemesh.protocol.constraint.CaseOutcome.Standing;
import dev.storemesh.protocol.json.Pointer;
import dev.storemesh.protocol.schema.Definition;
import dev.storemesh.protocol.schema.Schema;
import dev.storemesh.protocol.schema.Violation;
import dev.storemesh.protocol.value.Attribute;
import dev.storemesh.protocol.value.DefinitionName;
import dev.storemesh.protocol.value.Literal;
import dev.storemesh.protocol.value.LiteralJson;
import dev.storemesh.protocol.value.LocationId;
import dev.storemesh.protocol.value.TypeName;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.DynamicContainer;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.TestFactory;

/// The engine does what the conformance files say, each of them, compared as their README says.
final class ConformanceTest {
    private final CaseRunner runner = new DeciderRunner();

    @TestFactory
    Stream<DynamicContainer> doesWhatTheFilesSay() {
        return ConformanceCase.files().stream()
                .map(file -> DynamicContainer.dynamicContainer(
                        file,
                        ConformanceCase.of(file)
                                .map(one -> DynamicTest.dynamicTest(one.name(), () -> check(one, runner.run(one))))));
    }

    /// What these tests are worth: each case is failed by an engine that does something else.
    @TestFactory
    Stream<DynamicTest> noticesAnotherOutcome() {
        return ConformanceCase.files().stream()
                .map(file -> DynamicTest.dynamicTest(
                        file,
                        () -> assertThat(ConformanceCase.of(file))
                                .filteredOn(one ->
                                        one.isAccepted() || !one.violations().isEmpty())
                                .allSatisfy(one -> assertThatExceptionOfType(AssertionError.class)
                                        .isThrownBy(() -> check(altered(one), runner.run(one))))));
    }

    private static ConformanceCase altered(ConformanceCase one) {
        ObjectNode node = one.node().deepCopy();
        var expect = (ObjectNode) node.path("expect");
        if (!one.isAccepted()) {
            expect.withArray("violations").addObject().put("code", "never");
        } else if (expect.path("objects").isEmpty()) {
            expect.put("accepted", false);
        } else {
            var object = (ObjectNode) expect.path("objects").path(0);
            if (object.has("type")) {
                object.put("type", "com.acme.another");
            } else {
                expect.withArray("objects").remove(0);
            }
        }
        return new ConformanceCase(one.file(), node, one.stages());
    }

    private static void check(ConformanceCase one, CaseOutcome outcome) {
        if (one.isAccepted()) {
            assertThat(outcome)
                    .isInstanceOfSatisfying(
                            Accepted.class,
                            accepted -> assertThat(accepted.after()).isEqualTo(expected(one, accepted)));
        } else {
            assertThat(outcome).isInstanceOfSatisfying(Refused.class, refused -> check(one, refused));
        }
    }

    private static Map<String, Standing> expected(ConformanceCase one, CaseOutcome outcome) {
        var expected = new HashMap<>(outcome.before());
        ConformanceCase.stream(one.expect().path("objects")).forEach(object -> {
            var token = object.path("object").textValue();
            if (object.path("deleted").booleanValue()) {
                expected.remove(token);
            } else {
                expected.put(token, standing(object, outcome.schema()));
            }
        });
        return expected;
    }

    private static Standing standing(JsonNode object, Schema schema) {
        return new Standing(
                new TypeName(object.path("type").textValue()),
                ConformanceCase.stream(object.path("attributes"))
                        .map(row -> attribute(row, schema))
                        .collect(Collectors.toSet()));
    }

    private static Attribute attribute(JsonNode row, Schema schema) {
        var definition = new DefinitionName(row.path("attribute").textValue());
        return new Attribute(
                definition,
                optional(row, "location").map(JsonNode::textValue).map(LocationId::new),
                schema.definition(definition).orElseThrow().read(literal(row)));
    }

    private static void check(ConformanceCase one, Refused refused) {
        assertThat(refused.after()).isEqualTo(refused.before());
        optional(one.expect(), "count")
                .ifPresent(count -> assertThat(refused.count())
                        .as("count of %s", refused.violations())
                        .isEqualTo(count.longValue()));
        var expected = one.violations();
        if (!expected.isEmpty()) {
            assertThat(refused.violations())
                    .allSatisfy(actual -> assertThat(expected)
                            .as("one of the expected for %s", actual)
                            .anyMatch(wanted -> matches(wanted, actual, refused)));
            assertThat(expected)
                    .allSatisfy(wanted -> assertThat(refused.violations())
                            .as("one reported for %s", wanted)
                            .anyMatch(actual -> matches(wanted, actual, refused)));
        }
    }

    private static boolean matches(JsonNode wanted, Violation actual, Refused refused) {
        return isOneOf(texts(wanted.path("code")), actual.code().wireName())
                && matches(wanted, "constraint", actual.constraint())
                && (!wanted.has("object") || isOneOf(objects(wanted, refused), actual.object()))
                && matches(wanted, "attribute", actual.attribute())
                && matchesLocation(wanted, actual)
                && (!wanted.has("value")
                        || actual.value()
                                .filter(value -> isSame(value, literal(wanted), definition(actual, refused.schema())))
                                .isPresent());
    }

    private static boolean matches(JsonNode wanted, String member, Optional<? extends Record> actual) {
        return optional(wanted, member)
                .map(text -> actual.map(Object::toString).equals(Optional.of(text.textValue())))
                .orElse(true);
    }

    /// Compared always, but for an expected `null`.
    private static boolean matchesLocation(JsonNode wanted, Violation actual) {
        return wanted.path("location").isNull()
                || optional(wanted, "location")
                        .map(JsonNode::textValue)
                        .equals(actual.location().map(LocationId::text));
    }

    private static List<String> objects(JsonNode wanted, Refused refused) {
        return texts(wanted.path("object")).stream()
                .map(object -> refused.tokens().getOrDefault(object, object))
                .toList();
    }

    /// One text, or an array of them.
    private static List<String> texts(JsonNode node) {
        return node.isArray() ? ConformanceCase.texts(node) : List.of(node.textValue());
    }

    private static boolean isOneOf(List<String> expected, String actual) {
        return expected.contains(actual);
    }

    private static Optional<Definition> definition(Violation violation, Schema schema) {
        return violation.attribute().flatMap(schema::definition);
    }

    /// Decimals are the same by number; for that their definition must be known.
    private static boolean isSame(Literal actual, Literal wanted, Optional<Definition> definition) {
        return definition
                .map(known -> known.read(actual).equals(known.read(wanted)))
                .orElse(actual.equals(wanted));
    }

    private static Literal literal(JsonNode node) {
        return LiteralJson.read(node.path("value"), Pointer.ROOT.field("value"));
    }

    private static Optional<JsonNode> optional(JsonNode node, String field) {
        return Optional.ofNullable(node.get(field));
    }
}
