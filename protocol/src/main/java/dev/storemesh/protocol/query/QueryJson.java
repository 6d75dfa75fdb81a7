package dev.storemesh.protocol.query;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import dev.storemesh.protocol.json.Fields;
import dev.storemesh.protocol.json.Json;
import dev.storemesh.protocol.json.MalformedInput;
import dev.storemesh.protocol.json.Pointer;
import dev.storemesh.protocol.query.Filter.Match;
import dev.storemesh.protocol.query.Query.Facet;
import dev.storemesh.protocol.query.Query.Sort;
import dev.storemesh.protocol.value.DefinitionName;
import dev.storemesh.protocol.value.Literal;
import dev.storemesh.protocol.value.LiteralJson;
import dev.storemesh.protocol.value.LocationId;
import dev.storemesh.protocol.value.ObjectToken;
import dev.storemesh.protocol.value.TypeName;
import java.util.List;
import java.util.Optional;
import java.util.stream.Collectors;

/// Queries and what they come to, in JSON. Reading judges the form only.
public final class QueryJson {
    private static final List<String> NODES =
            List.of("and", "or", "not", "type", "attribute", "references", "referencedBy");
    private static final List<String> MATCHES = List.of("equal", "in", "range", "prefix", "word", "exists");

    /// What a report has nothing to do with, since it shows no objects and sees them from each of its locations.
    private static final List<String> OF_OBJECTS = List.of("location", "sort", "limit", "attributes", "page");

    private QueryJson() {}

    /// Reads the fields of a query; those that say which page of it are the caller's.
    ///
    /// @throws MalformedInput naming the field that is not of the form
    public static Query read(Fields fields) {
        return new Query(
                filter(fields),
                fields.list("sort", (node, pointer) -> sort(Fields.of(node, pointer))),
                bounded(fields, "limit", Query.DEFAULT_LIMIT, Query.MAX_LIMIT),
                fields.optionalParsed("location", LocationId::new),
                fields.has("attributes") ? Optional.of(attributes(fields)) : Optional.empty(),
                facets(fields),
                fields.flag("total", false));
    }

    /// Whether the body asks for a report about a group of locations.
    public static boolean isReport(Fields fields) {
        return fields.has("group");
    }

    /// Reads the fields of a report; without facets it counts all that match.
    ///
    /// @throws MalformedInput naming the field that is not of the form
    public static Report report(Fields fields) {
        OF_OBJECTS.stream().filter(fields::has).findFirst().ifPresent(field -> {
            throw fields.wrong(field, "absent beside `group`");
        });
        var facets = facets(fields);
        var total = fields.flag("total", facets.isEmpty());
        if (!total && facets.isEmpty()) {
            throw fields.wrong("total", "true where there are no facets");
        }
        return new Report(fields.text("group"), filter(fields), facets, total);
    }

    private static Filter filter(Fields fields) {
        return fields.optional("filter")
                .map(node -> filter(node, fields.pointer("filter")))
                .orElse(Query.EVERYTHING);
    }

    private static List<Facet> facets(Fields fields) {
        return fields.list("facets", (node, pointer) -> facet(Fields.of(node, pointer)));
    }

    private static List<DefinitionName> attributes(Fields fields) {
        return fields.list("attributes", (node, pointer) -> {
            if (!node.isTextual()) {
                throw new MalformedInput("invalid_value", pointer, "The field " + pointer + " must be a string.");
            }
            try {
                return new DefinitionName(node.textValue());
            } catch (IllegalArgumentException e) {
                throw new MalformedInput("invalid_value", pointer, String.valueOf(e.getMessage()));
            }
        });
    }

    private static Sort sort(Fields fields) {
        var attribute = fields.parsed("attribute", DefinitionName::new);
        var descending = switch (fields.optionalText("order").orElse("asc")) {
            case "asc" -> false;
            case "desc" -> true;
            default -> throw fields.wrong("order", "\"asc\" or \"desc\"");
        };
        fields.end();
        return new Sort(attribute, descending);
    }

    private static Facet facet(Fields fields) {
        var facet = new Facet(
                fields.parsed("attribute", DefinitionName::new),
                bounded(fields, "limit", Facet.DEFAULT_LIMIT, Facet.MAX_LIMIT));
        fields.end();
        return facet;
    }

    private static int bounded(Fields fields, String name, int otherwise, int most) {
        var number = fields.optionalNumber(name).orElse((long) otherwise);
        if (number < 1 || number > most) {
            throw fields.wrong(name, "a whole number from 1 to " + most);
        }
        return number.intValue();
    }

    /// The depth of `node` is bounded by the parser, so the recursion is, too.
    private static Filter filter(JsonNode node, Pointer pointer) {
        var fields = Fields.of(node, pointer);
        var filter = switch (the(fields, NODES)) {
            case "and" -> new Filter.And(parts(fields, "and"));
            case "or" -> new Filter.Or(parts(fields, "or"));
            case "not" -> new Filter.Not(filter(fields.any("not"), fields.pointer("not")));
            case "type" -> new Filter.OfType(fields.parsed("type", TypeName::new));
            case "attribute" -> new Filter.Attribute(fields.parsed("attribute", DefinitionName::new), match(fields));
            case "references" -> references(Fields.of(fields.any("references"), fields.pointer("references")));
            default -> referencedBy(Fields.of(fields.any("referencedBy"), fields.pointer("referencedBy")));
        };
        fields.end();
        return filter;
    }

    private static List<Filter> parts(Fields fields, String name) {
        if (!fields.any(name).isArray()) {
            throw fields.wrong(name, "an array");
        }
        return fields.list(name, QueryJson::filter);
    }

    private static Filter references(Fields fields) {
        var filter = new Filter.References(
                fields.optionalParsed("attribute", DefinitionName::new), fields.parsed("object", ObjectToken::new));
        fields.end();
        return filter;
    }

    private static Filter referencedBy(Fields fields) {
        var filter = new Filter.ReferencedBy(
                fields.optionalParsed("attribute", DefinitionName::new),
                fields.optionalParsed("object", ObjectToken::new));
        fields.end();
        return filter;
    }

    private static Match match(Fields fields) {
        return switch (the(fields, MATCHES)) {
            case "equal" -> new Match.Equal(LiteralJson.read(fields.any("equal"), fields.pointer("equal")));
            case "in" -> {
                if (!fields.any("in").isArray()) {
                    throw fields.wrong("in", "an array");
                }
                yield new Match.In(fields.list("in", LiteralJson::read));
            }
            case "range" -> range(Fields.of(fields.any("range"), fields.pointer("range")));
            case "prefix" -> new Match.Prefix(fields.text("prefix"));
            case "word" -> new Match.Word(fields.text("word"));
            default -> {
                fields.any("exists");
                yield new Match.Exists(fields.flag("exists", true));
            }
        };
    }

    private static Match range(Fields fields) {
        var range = new Match.Range(bound(fields, "min"), bound(fields, "max"));
        fields.end();
        if (range.min().isEmpty() && range.max().isEmpty()) {
            throw fields.missing("min");
        }
        return range;
    }

    private static Optional<Literal> bound(Fields fields, String name) {
        return fields.optional(name).map(node -> LiteralJson.read(node, fields.pointer(name)));
    }

    /// The one of these fields that is there.
    private static String the(Fields fields, List<String> names) {
        var there = names.stream().filter(fields::has).collect(Collectors.toSet());
        if (there.size() != 1) {
            throw new MalformedInput(
                    there.isEmpty() ? "missing_field" : "invalid_value",
                    fields.pointer(),
                    "The field " + fields.pointer() + " must have exactly one of " + String.join(", ", names) + ".");
        }
        return there.iterator().next();
    }

    /// What a report comes to: an element for each location.
    public static ArrayNode write(Report.Answer answer) {
        var array = JsonNodeFactory.instance.arrayNode();
        answer.locations().forEach((location, counted) -> {
            var node = array.addObject().put("location", location.text());
            counted.total().ifPresent(total -> node.put("total", total));
            if (!counted.facets().isEmpty()) {
                node.set("facets", facets(counted.facets()));
            }
        });
        return array;
    }

    public static ArrayNode write(List<Fault> faults) {
        var array = JsonNodeFactory.instance.arrayNode();
        faults.forEach(fault -> array.add(Json.object()
                .put("pointer", fault.pointer())
                .put("code", fault.code().wireName())
                .put("message", fault.message())));
        return array;
    }

    public static ArrayNode facets(List<QueryAnswer.Counts> facets) {
        var array = JsonNodeFactory.instance.arrayNode();
        facets.forEach(facet -> {
            var node = array.addObject().put("attribute", facet.attribute().text());
            var values = node.putArray("values");
            facet.values().forEach(count -> {
                var value = values.addObject();
                value.set("value", LiteralJson.write(count.value().literal()));
                value.put("count", count.objects());
            });
            if (facet.more()) {
                node.put("more", true);
            }
        });
        return array;
    }
}
