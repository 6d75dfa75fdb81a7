package dev.storemesh.protocol.query;

import dev.storemesh.protocol.query.Condition.Link;
import dev.storemesh.protocol.query.Fault.Code;
import dev.storemesh.protocol.query.Filter.Match;
import dev.storemesh.protocol.schema.Definition;
import dev.storemesh.protocol.schema.Schema;
import dev.storemesh.protocol.value.DefinitionName;
import dev.storemesh.protocol.value.Folded;
import dev.storemesh.protocol.value.Literal;
import dev.storemesh.protocol.value.ObjectToken;
import dev.storemesh.protocol.value.TypeName;
import dev.storemesh.protocol.value.Value;
import dev.storemesh.protocol.value.ValueType;
import java.util.ArrayList;
import java.util.EnumSet;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.stream.IntStream;

/// Says whether a query makes sense where a schema holds, and makes a plan of it; or says all that is wrong.
public final class QueryCompiler {
    public static final int MAX_DEPTH = 16;
    public static final int MAX_NODES = 200;
    public static final int MAX_IN = 1_000;
    public static final int MAX_SORT = 4;
    public static final int MAX_FACETS = 8;
    private static final int MAX_FAULTS = 100;
    private static final Set<ValueType> ORDERED =
            EnumSet.complementOf(EnumSet.of(ValueType.BOOLEAN, ValueType.REFERENCE));

    /// What a query comes to.
    public sealed interface Compiled {
        record Ready(Plan plan) implements Compiled {}

        /// The first of its faults; at least one.
        record Invalid(List<Fault> faults) implements Compiled {
            public Invalid {
                faults = List.copyOf(faults);
            }
        }
    }

    private final Schema schema;
    private final List<Fault> faults = new ArrayList<>();
    private final Set<TypeName> named = new HashSet<>();
    private int nodes;

    private QueryCompiler(Schema schema) {
        this.schema = schema;
    }

    public static Compiled compile(Query query, Schema schema) {
        return new QueryCompiler(schema).compile(query);
    }

    private Compiled compile(Query query) {
        var condition = condition(query.filter(), "/filter", 1);
        if (nodes > MAX_NODES) {
            fault("/filter", Code.TOO_MANY, nodes + " nodes (expected: at most " + MAX_NODES + ")");
        }
        bounded(query.sort().size(), MAX_SORT, "/sort", "attributes");
        bounded(query.facets().size(), MAX_FACETS, "/facets", "facets");
        each(query.sort().stream().map(Query.Sort::attribute).toList(), "/sort", "/attribute");
        each(query.facets().stream().map(Query.Facet::attribute).toList(), "/facets", "/attribute");
        query.location()
                .filter(location -> !schema.hasLocation(location))
                .ifPresent(location ->
                        fault("/location", Code.UNKNOWN_LOCATION, "location: " + location + " is not known here"));
        query.attributes().ifPresent(attributes -> each(attributes, "/attributes", ""));
        return faults.isEmpty()
                ? new Compiled.Ready(new Plan(query, condition, named, nodes))
                : new Compiled.Invalid(faults);
    }

    private void each(List<DefinitionName> attributes, String pointer, String field) {
        IntStream.range(0, attributes.size()).forEach(i -> definition(attributes.get(i), pointer + "/" + i + field));
    }

    private void bounded(int size, int most, String pointer, String what) {
        if (size > most) {
            fault(pointer, Code.TOO_MANY, size + " " + what + " (expected: at most " + most + ")");
        }
    }

    private void fault(String pointer, Code code, String message) {
        if (faults.size() < MAX_FAULTS) {
            faults.add(new Fault(pointer, code, message));
        }
    }

    private Condition condition(Filter filter, String pointer, int depth) {
        nodes++;
        if (depth > MAX_DEPTH) {
            fault(pointer, Code.TOO_DEEP, "nested deeper than " + MAX_DEPTH + " (expected: at most that)");
            return Condition.NEVER;
        }
        return switch (filter) {
            case Filter.And(var parts) -> new Condition.AllOf(conditions(parts, pointer + "/and", depth));
            case Filter.Or(var parts) -> new Condition.AnyOf(conditions(parts, pointer + "/or", depth));
            case Filter.Not(var part) -> new Condition.Not(condition(part, pointer + "/not", depth + 1));
            case Filter.OfType(var type) -> ofType(type, pointer + "/type");
            case Filter.Attribute(var name, var match) ->
                definition(name, pointer + "/attribute")
                        .map(definition -> match(definition, match, pointer))
                        .orElse(Condition.NEVER);
            case Filter.References(var attribute, var object) -> {
                reference(attribute, pointer + "/references/attribute");
                yield new Condition.References(attribute, object);
            }
            case Filter.ReferencedBy(var attribute, var object) -> {
                reference(attribute, pointer + "/referencedBy/attribute");
                yield new Condition.Linked(new Link(attribute, object), Set.<ObjectToken>of());
            }
        };
    }

    private List<Condition> conditions(List<Filter> parts, String pointer, int depth) {
        return IntStream.range(0, parts.size())
                .mapToObj(i -> condition(parts.get(i), pointer + "/" + i, depth + 1))
                .toList();
    }

    private Condition ofType(TypeName type, String pointer) {
        if (!schema.hasType(type)) {
            fault(pointer, Code.UNKNOWN_TYPE, "type: " + type + " is not known here");
        }
        named.add(type);
        return new Condition.OfType(type);
    }

    private Optional<Definition> definition(DefinitionName name, String pointer) {
        var definition = schema.definition(name);
        if (definition.isEmpty()) {
            fault(pointer, Code.UNKNOWN_ATTRIBUTE, "attribute: " + name + " is not known here");
        }
        return definition;
    }

    private void reference(Optional<DefinitionName> attribute, String pointer) {
        attribute.flatMap(name -> definition(name, pointer)).ifPresent(definition -> {
            if (definition.type() != ValueType.REFERENCE) {
                fault(
                        pointer,
                        Code.WRONG_VALUE_TYPE,
                        definition.name() + " is of type " + definition.type().wireName() + " (expected: reference)");
            }
        });
    }

    private Condition match(Definition definition, Match match, String pointer) {
        return switch (match) {
            case Match.Exists(var wanted) -> {
                var exists = new Condition.Holds(definition.name(), new Criterion.Exists());
                yield wanted ? exists : new Condition.Not(exists);
            }
            case Match.Equal(var literal) ->
                key(definition, literal, pointer + "/equal")
                        .<Condition>map(key -> new Condition.Holds(definition.name(), new Criterion.Equal(key)))
                        .orElse(Condition.NEVER);
            case Match.In(var literals) -> in(definition, literals, pointer + "/in");
            case Match.Range(var min, var max) -> range(definition, min, max, pointer + "/range");
            case Match.Prefix(var text) -> {
                texts(definition, pointer + "/prefix");
                yield new Condition.Holds(definition.name(), new Criterion.BeginsWith(Folded.of(text)));
            }
            case Match.Word(var text) -> word(definition, text, pointer + "/word");
        };
    }

    private Condition in(Definition definition, List<Literal> literals, String pointer) {
        bounded(literals.size(), MAX_IN, pointer, "values");
        var keys = new HashSet<Value>();
        for (var i = 0; i < Math.min(literals.size(), MAX_IN); i++) {
            key(definition, literals.get(i), pointer + "/" + i).ifPresent(keys::add);
        }
        return new Condition.Holds(definition.name(), new Criterion.OneOf(keys));
    }

    private Condition range(Definition definition, Optional<Literal> min, Optional<Literal> max, String pointer) {
        if (!ORDERED.contains(definition.type())) {
            fault(
                    pointer,
                    Code.WRONG_VALUE_TYPE,
                    definition.name() + " is of type " + definition.type().wireName() + ", which has no ranges");
            return Condition.NEVER;
        }
        var least = min.flatMap(literal -> key(definition, literal, pointer + "/min"));
        var most = max.flatMap(literal -> key(definition, literal, pointer + "/max"));
        if (least.isPresent()
                && most.isPresent()
                && least.get() instanceof Value.Money(var from, var currency)
                && most.get() instanceof Value.Money(var to, var other)
                && !currency.equals(other)) {
            fault(pointer, Code.INVALID_VALUE, "range: " + currency + " to " + other + " (expected: one currency)");
        }
        return new Condition.Holds(definition.name(), new Criterion.Within(least, most));
    }

    private Condition word(Definition definition, String text, String pointer) {
        texts(definition, pointer);
        var words = Folded.words(Folded.of(text));
        if (words.isEmpty()) {
            fault(pointer, Code.INVALID_VALUE, "word: neither letters nor digits (expected: at least one word)");
        }
        return new Condition.Holds(definition.name(), new Criterion.HasWords(words));
    }

    private void texts(Definition definition, String pointer) {
        if (definition.type() != ValueType.STRING) {
            fault(
                    pointer,
                    Code.WRONG_VALUE_TYPE,
                    definition.name() + " is of type " + definition.type().wireName() + " (expected: string)");
        }
    }

    private Optional<Value> key(Definition definition, Literal literal, String pointer) {
        try {
            return Optional.of(Folded.key(Value.read(definition.type(), literal)));
        } catch (Value.WrongValueType e) {
            fault(pointer, Code.WRONG_VALUE_TYPE, definition.name() + ": " + e.getMessage());
        } catch (IllegalArgumentException e) {
            fault(pointer, Code.INVALID_VALUE, definition.name() + ": " + e.getMessage());
        }
        return Optional.empty();
    }
}
