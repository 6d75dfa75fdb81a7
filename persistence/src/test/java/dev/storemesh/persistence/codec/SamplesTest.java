package dev.storemesh.persistence.codec;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.storemesh.protocol.access.Role;
import dev.storemesh.protocol.schema.StandardSchema;
import dev.storemesh.protocol.value.ObjectToken;
import dev.storemesh.protocol.write.ObjectRef;
import dev.storemesh.protocol.write.Operation;
import java.lang.reflect.ParameterizedType;
import java.lang.reflect.RecordComponent;
import java.lang.reflect.Type;
import java.net.URISyntaxException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Collection;
import java.util.HashSet;
import java.util.HexFormat;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/// Bytes as they were once written, to be read for ever. A sample file holds the manifest in its first line and the
/// row in hexadecimal after it. Whoever adds an event adds an entry to [Samples]; the test then says what its file
/// holds.
class SamplesTest {
    private final EventSerializer serializer = new EventSerializer();

    static Set<String> names() {
        return Samples.ALL.keySet();
    }

    @ParameterizedTest
    @MethodSource("names")
    void readsWhatWasOnceWritten(String name) throws Exception {
        var expected = expected(name);
        var file = folder().resolve(name + ".hex");
        assertThat(file)
                .withFailMessage(() -> file + " is missing; today it would hold\n" + sample(expected))
                .exists();

        var lines = Files.readAllLines(file);
        var bytes = HexFormat.of().parseHex(String.join("", lines.subList(1, lines.size())));
        var read = serializer.fromBinary(bytes, lines.getFirst());

        assertThat(read).isEqualTo(expected);
        assertThat(sample(read)).isEqualTo(sample(expected)); // also what equals overlooks: a decimal's digits
    }

    @Test
    void everyCaseOfEverySealedInterfaceHasASample() {
        var cases = new LinkedHashSet<Class<?>>();
        EventSerializer.types().forEach(type -> collectCases(type, cases, new HashSet<>()));
        assertThat(cases.remove(Operation.Bring.class)).isTrue(); // what a line of an import does is stored, it is not
        assertThat(cases).hasSizeGreaterThan(30);
        for (var type : cases) {
            var name = name(type);
            assertThat(Samples.ALL).containsKey(name);
            assertThat(contents(expected(name)))
                    .as("what the sample %s holds", name)
                    .contains(type);
        }
    }

    @Test
    void aLineOfAnImportIsNeverStored() {
        var line = Samples.queued(new Operation.Bring(
                new ObjectRef.Known(new ObjectToken("tea")), StandardSchema.ITEM, List.of(), false));
        assertThatThrownBy(() -> serializer.toBinary(line)).hasMessageContaining("a line of an import");
    }

    @Test
    void everyRoleHasASample() {
        for (var role : Role.values()) {
            assertThat(Samples.ALL)
                    .containsKey("AccessEvent.TokenIssued-" + role.name().toLowerCase(Locale.ROOT));
        }
    }

    @Test
    void noFileLacksItsExpectedValue() throws Exception {
        try (var files = Files.list(folder())) {
            assertThat(files.map(file -> file.getFileName().toString().replace(".hex", "")))
                    .isSubsetOf(Samples.ALL.keySet());
        }
    }

    private static Object expected(String name) {
        return Objects.requireNonNull(Samples.ALL.get(name));
    }

    private static Path folder() throws URISyntaxException {
        return Path.of(Objects.requireNonNull(SamplesTest.class.getResource("/samples/v1"))
                .toURI());
    }

    /// What a new sample's file holds.
    private String sample(Object stored) {
        var hex = HexFormat.of().formatHex(serializer.toBinary(stored));
        return serializer.manifest(stored) + "\n" + hex.replaceAll("(.{96})(?=.)", "$1\n") + "\n";
    }

    private static String name(Class<?> type) {
        return Optional.<Class<?>>ofNullable(type.getEnclosingClass())
                        .map(outer -> outer.getSimpleName() + ".")
                        .orElse("")
                + type.getSimpleName();
    }

    /// All that is stored on its own, and every case of every sealed interface that can stand inside it.
    private static void collectCases(Type type, Set<Class<?>> cases, Set<Type> seen) {
        if (!seen.add(type)) {
            return;
        }
        if (type instanceof ParameterizedType generic) {
            Stream.of(generic.getActualTypeArguments()).forEach(argument -> collectCases(argument, cases, seen));
        } else if (type instanceof Class<?> raw && raw.isSealed()) {
            for (var permitted : raw.getPermittedSubclasses()) {
                if (!permitted.isSealed()) {
                    cases.add(permitted);
                }
                collectCases(permitted, cases, seen);
            }
        } else if (type instanceof Class<?> raw && raw.isRecord()) {
            if (EventSerializer.types().contains(raw)) {
                cases.add(raw);
            }
            Stream.of(raw.getRecordComponents())
                    .forEach(component -> collectCases(component.getGenericType(), cases, seen));
        }
    }

    /// The classes of a value and of all that it holds.
    private static Set<Class<?>> contents(Object value) {
        return walk(value).map(Object::getClass).collect(Collectors.toSet());
    }

    private static Stream<Object> walk(Object value) {
        var inside = switch (value) {
            case Collection<?> list -> list.stream();
            case Map<?, ?> map -> Stream.concat(map.keySet().stream(), map.values().stream());
            case Optional<?> optional -> optional.stream();
            case Record record ->
                Stream.of(record.getClass().getRecordComponents()).map(component -> component(record, component));
            default -> Stream.of();
        };
        return Stream.concat(Stream.of(value), inside.flatMap(SamplesTest::walk));
    }

    private static Object component(Record record, RecordComponent component) {
        try {
            return component.getAccessor().invoke(record);
        } catch (ReflectiveOperationException e) {
            throw new IllegalStateException("a public accessor of " + record.getClass(), e);
        }
    }
}
