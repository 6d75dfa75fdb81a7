package dev.storemesh.protocol.model;

import java.time.ZoneId;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import org.jspecify.annotations.Nullable;

/// What one copy of a catalog says of itself: its types, definitions, constraints and locations (with their groups),
/// and
/// what is wrong with its schema objects.
final class ReferenceSchema {
    private static final Set<String> VALUE_TYPES =
            Set.of("string", "integer", "decimal", "boolean", "instant", "money", "reference");
    private static final Set<String> ZONES = ZoneId.getAvailableZoneIds();

    final Set<String> types = new TreeSet<>(StandardDefs.TYPES);
    final Map<String, Def> definitions = new LinkedHashMap<>(StandardDefs.ALL);
    final List<Law> laws = new ArrayList<>(StandardDefs.LAWS);
    final Map<String, String> locations = new TreeMap<>();
    final Set<Fault> faults = new HashSet<>();
    private final Map<String, Law> patterns = new TreeMap<>();

    /// @param things a copy, in the order of the tokens
    ReferenceSchema(Map<String, Thing> things) {
        things.forEach((token, thing) -> {
            switch (thing.type()) {
                case "sys.type" -> readType(new SchemaFacts(token, thing, faults));
                case "sys.definition" -> readDefinition(new SchemaFacts(token, thing, faults));
                case "sys.location" -> readLocation(new SchemaFacts(token, thing, faults));
                case "sys.app" -> readApp(new SchemaFacts(token, thing, faults));
                default -> {}
            }
        });
        things.forEach((token, thing) -> {
            if (thing.type().equals("sys.constraint")) {
                readLaw(token, new SchemaFacts(token, thing, faults));
            }
        });
        things.forEach(this::checkTypes);
        patterns.forEach((token, pattern) -> {
            var facts = new SchemaFacts(token, Objects.requireNonNull(things.get(token)), faults);
            facts.refuseIf(longest(pattern) > 10_000, "invalid_constraint", "pattern");
        });
    }

    /// What a pattern runs on. It must be short: the random patterns have 2 to 10 steps, and the values few bytes or
    /// 64 KiB, so it does not matter how many steps exactly.
    ///
    /// In bytes, by its definition and the constraints on its length, of four bytes for each character.
    private long longest(Law pattern) {
        var definition = Objects.requireNonNull(definitions.get(pattern.definition()));
        var longest = definition.maxBytes();
        for (var law : laws) {
            var concerns = law.type().isEmpty()
                    || law.type().equals(pattern.type())
                    || law.type().equals(definition.carrier());
            if (concerns && law.kind().equals("length") && law.definition().equals(pattern.definition())) {
                longest = Math.min(
                        longest,
                        law.number("max").map(max -> max.longValue() * 4).orElse(longest));
            }
        }
        return longest;
    }

    static boolean isSchema(String type) {
        return StandardDefs.TYPES.contains(type) && type.startsWith("sys.");
    }

    private void readType(SchemaFacts facts) {
        if (facts.need("name", SchemaFacts::isName)) {
            types.add(facts.text("name"));
        }
    }

    private void readDefinition(SchemaFacts facts) {
        facts.need("name", SchemaFacts::isName);
        facts.need("valueType", VALUE_TYPES::contains);
        facts.check("type", SchemaFacts::isName);
        facts.check("target", SchemaFacts::isName);
        facts.check("cardinality", Set.of("one", "many")::contains);
        var valueType = facts.text("valueType");
        if (VALUE_TYPES.contains(valueType)) {
            facts.refuseIf(facts.has("target") && !valueType.equals("reference"), "invalid_schema", "target");
            facts.refuseIf(facts.has("maxBytes") && !valueType.equals("string"), "invalid_schema", "maxBytes");
        }
        var bytes = facts.has("maxBytes") ? Long.parseLong(facts.text("maxBytes")) : StandardDefs.BYTES;
        facts.refuseIf(bytes < 1 || bytes > StandardDefs.BYTES, "invalid_schema", "maxBytes");
        if (facts.isSound()) {
            definitions.putIfAbsent(
                    facts.text("name"),
                    new Def(
                            facts.text("name"),
                            facts.text("type"),
                            valueType,
                            facts.text("cardinality").equals("many"),
                            facts.flag("variesByLocation"),
                            facts.text("target"),
                            bytes));
        }
    }

    private void readLocation(SchemaFacts facts) {
        var named = facts.need("id", id -> id.matches("[A-Za-z0-9._~-]{1,64}"));
        var there = facts.need("kind", Set.of("store", "virtual")::contains) && named;
        facts.check("timeZone", ZONES::contains);
        facts.check("currency", Meanings::isCurrency);
        facts.check("store", store -> store.matches("[a-z0-9][a-z0-9-]{0,39}"));
        if (there) {
            locations.putIfAbsent(facts.text("id"), facts.text("group"));
        }
    }

    private static void readApp(SchemaFacts facts) {
        facts.need("name", SchemaFacts::isName);
        facts.refuseIf(!facts.has("version") || Long.parseLong(facts.text("version")) < 1, "invalid_schema", "version");
    }

    private void readLaw(String token, SchemaFacts facts) {
        if (!LawReader.isLaw(facts, definitions)) {
            return;
        }
        var read = new Law(
                facts.text("name"),
                facts.text("kind"),
                facts.text("type"),
                facts.text("definition"),
                facts.flag("fromNowOn"),
                facts.fields());
        if (read.kind().equals("pattern")) {
            patterns.put(token, read);
        }
        if (laws.stream().noneMatch(law -> law.name().equals(read.name()))) {
            laws.add(read);
        }
    }

    /// Types that are named must be there.
    private void checkTypes(String token, Thing thing) {
        var isDefinition = thing.type().equals("sys.definition");
        if (!isDefinition && !thing.type().equals("sys.constraint")) {
            return;
        }
        var ignored = new HashSet<Fault>();
        var facts = new SchemaFacts(token, thing, ignored);
        var sound = faults.stream().noneMatch(fault -> fault.object().equals(token));
        for (var field : List.of("type", "target")) {
            if (sound && facts.has(field) && !types.contains(facts.text(field))) {
                var bookkeeping = facts.text(field).matches("sys\\.(change_request|store_sequence)");
                facts.refuse(bookkeeping ? "invalid_schema" : "unknown_type", field);
            }
        }
        faults.addAll(ignored);
    }

    /// The locations of a group; without one, all.
    List<String> places(String group) {
        var places = new ArrayList<String>();
        locations.forEach((id, of) -> {
            if (group.isEmpty() || group.equals(of)) {
                places.add(id);
            }
        });
        return places;
    }

    /// Adds what a write did to names: they are taken once, whatever the case, they stay, and the standard's are
    /// nobody's.
    static void checkNames(Map<String, Thing> before, Map<String, Thing> after, Set<Fault> faults) {
        var taken = new HashSet<String>();
        for (var changed : List.of(false, true)) {
            after.forEach((token, thing) -> {
                if (isSchema(thing.type()) && changed == isChanged(before, token, thing)) {
                    var facts = new SchemaFacts(token, thing, faults);
                    var field = thing.type().equals("sys.location") ? "id" : "name";
                    var name = thing.type() + " " + facts.text(field).toLowerCase(Locale.ROOT);
                    facts.refuseIf(facts.has(field) && !taken.add(name) && changed, "name_taken", field);
                    if (changed) {
                        checkKept(before.get(token), facts, field);
                        checkStandard(token, before.get(token), thing, faults);
                    }
                }
            });
        }
        before.forEach((token, thing) -> {
            if (isSchema(thing.type()) && !after.containsKey(token)) {
                checkStandard(token, thing, thing, faults);
            }
        });
    }

    private static boolean isChanged(Map<String, Thing> before, String token, Thing thing) {
        var was = before.get(token);
        return was == null || !was.facts().keySet().equals(thing.facts().keySet());
    }

    private static void checkKept(@Nullable Thing was, SchemaFacts is, String nameField) {
        if (was == null) {
            return;
        }
        var old = new SchemaFacts("", was, new HashSet<>());
        for (var field : List.of(nameField, "kind")) {
            var stays = field.equals(nameField) || was.type().equals("sys.constraint");
            is.refuseIf(
                    stays && old.has(field) && is.has(field) && !old.text(field).equals(is.text(field)),
                    "immutable",
                    field);
        }
    }

    private static void checkStandard(String token, @Nullable Thing was, Thing is, Set<Fault> faults) {
        if (is.type().equals("sys.location")) {
            return;
        }
        var facts = new SchemaFacts(token, is, faults);
        var names = List.of(facts.text("name"), was == null ? "" : new SchemaFacts(token, was, faults).text("name"));
        facts.refuseIf(
                names.stream().anyMatch(name -> name.toLowerCase(Locale.ROOT).matches("(sys|retail)\\..*")),
                "standard_name",
                "name");
    }
}
