package dev.storemesh.protocol.model;

import dev.storemesh.protocol.value.DefinitionName;
import dev.storemesh.protocol.value.Literal;
import dev.storemesh.protocol.value.Slot;
import dev.storemesh.protocol.value.TypeName;
import dev.storemesh.protocol.write.ObjectRef;
import dev.storemesh.protocol.write.Operation;
import dev.storemesh.protocol.write.Operation.Put;
import dev.storemesh.protocol.write.Operation.Setting;
import dev.storemesh.protocol.write.Operation.Unsetting;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import java.util.stream.IntStream;

/// Random types, definitions, constraints and locations: mostly such as can stand, sometimes not.
final class RandomSchema {
    private static final List<String> TYPES = List.of("com.acme.a", "com.acme.b");
    private static final List<String> DEFINITIONS = numbered("com.acme.d", 8);
    private static final List<String> CONSTRAINTS = numbered("com.acme.c", 12);
    private static final List<String> LOCATIONS = numbered("L", 4);
    private static final List<String> TOKENS = numbered("sys.x", 12);
    private static final List<String> VALUE_TYPES = List.of(
            "string",
            "integer",
            "decimal",
            "boolean",
            "instant",
            "money",
            "reference",
            "reference",
            "string",
            "string");
    private static final List<String> KINDS = List.of(
            "required",
            "required",
            "cardinality",
            "cardinality",
            "range",
            "length",
            "length",
            "pattern",
            "pattern",
            "one_of",
            "unique",
            "unique",
            "unique",
            "reference",
            "reference",
            "global_only");

    private final Dice dice;
    private final ReferenceCatalog model;
    private int names;

    RandomSchema(Dice dice, ReferenceCatalog model) {
        this.dice = dice;
        this.model = model;
    }

    private static List<String> numbered(String name, int count) {
        return IntStream.range(0, count).mapToObj(number -> name + number).toList();
    }

    /// One that no schema object has, if there is any and nine times of ten.
    private String free(List<String> names) {
        var taken = new HashSet<String>();
        model.now().forEach((token, thing) -> {
            if (token.startsWith("sys.")) {
                thing.facts().keySet().forEach(fact -> taken.add(Meanings.text(fact.meaning())));
            }
        });
        var free = names.stream().filter(name -> !taken.contains(name)).toList();
        return dice.one(free.isEmpty() || dice.percent(10) ? names : free);
    }

    /// An operation on a schema object.
    Operation operation() {
        var own = own();
        if (own.isEmpty() || dice.percent(60)) {
            return make(dice.one(
                    "sys.type",
                    "sys.definition",
                    "sys.definition",
                    "sys.constraint",
                    "sys.constraint",
                    "sys.constraint",
                    "sys.location"));
        }
        if (dice.percent(25)) {
            return new Operation.Delete(ObjectRef.parse(dice.one(own)), Optional.empty());
        }
        return change(dice.one(own));
    }

    private List<String> own() {
        return model.now().keySet().stream()
                .filter(token -> token.startsWith("sys."))
                .toList();
    }

    Operation make(String type) {
        var settings = switch (type) {
            case "sys.type" ->
                named(type, dice.percent(92) ? free(TYPES) : dice.one("com.acme.a", "com.acme.B", "retail.more"));
            case "sys.definition" -> definition();
            case "sys.constraint" -> constraint();
            default -> location();
        };
        if (dice.percent(3)) {
            settings.remove(dice.below(settings.size()));
        }
        var object = dice.percent(70) ? "#s" + names++ : dice.one(TOKENS);
        return new Put(
                ObjectRef.parse(object),
                !object.startsWith("#"),
                Optional.of(new TypeName(type)),
                settings,
                List.of(),
                Optional.empty());
    }

    private static Setting set(String attribute, Literal value) {
        return new Setting(new Slot(new DefinitionName(attribute), Optional.empty()), value);
    }

    private static Setting set(String attribute, String text) {
        return set(attribute, new Literal.Text(text));
    }

    private static List<Setting> named(String type, String name) {
        return new ArrayList<>(List.of(set(type + ".name", name)));
    }

    private String type() {
        return dice.percent(4)
                ? "com.acme.unknown"
                : dice.one(model.schema().types.stream()
                        .filter(type -> !type.startsWith("sys."))
                        .toList());
    }

    private List<Setting> definition() {
        var valueType = dice.one(VALUE_TYPES);
        var set = named("sys.definition", free(DEFINITIONS));
        set.add(set("sys.definition.valueType", valueType));
        if (dice.percent(60)) {
            set.add(set("sys.definition.type", type()));
        }
        if (dice.percent(40)) {
            set.add(set("sys.definition.cardinality", dice.one("one", "many", "many")));
        }
        if (dice.percent(70)) {
            set.add(set("sys.definition.variesByLocation", new Literal.Flag(dice.percent(85))));
        }
        if (dice.percent(valueType.equals("reference") ? 40 : 1)) {
            set.add(set("sys.definition.target", type()));
        }
        if (dice.percent(valueType.equals("string") ? 80 : 1)) {
            set.add(set("sys.definition.maxBytes", new Literal.Whole(dice.one(0L, 2L, 3L, 100L, 100L, 100L, 65536L))));
        }
        return set;
    }

    private List<Setting> location() {
        var set = new ArrayList<>(List.of(
                set("sys.location.id", dice.percent(95) ? free(LOCATIONS) : "l0"),
                set("sys.location.kind", dice.percent(97) ? dice.one("store", "virtual") : "house")));
        if (dice.percent(30)) {
            set.add(set("sys.location.group", dice.one("g", "h")));
        }
        if (dice.percent(20)) {
            set.add(set("sys.location.timeZone", dice.percent(90) ? "Europe/Vienna" : "Europe/Nowhere"));
        }
        if (dice.percent(20)) {
            set.add(set("sys.location.currency", dice.percent(90) ? "EUR" : "EURO"));
        }
        if (dice.percent(15)) {
            set.add(set("sys.location.store", dice.percent(90) ? "store-1" : "Store 1"));
        }
        return set;
    }

    private Def ruled() {
        var own = model.schema().definitions.values().stream()
                .filter(definition -> definition.name().startsWith("com."))
                .toList();
        return own.isEmpty() || dice.percent(20)
                ? dice.one(model.schema().definitions.values().stream()
                        .filter(definition -> !definition.name().startsWith("sys.") || dice.percent(3))
                        .toList())
                : dice.one(own);
    }

    private List<Setting> constraint() {
        var ruled = ruled();
        var fitting =
                KINDS.stream().filter(kind -> fits(kind, ruled.valueType())).toList();
        var kind = dice.percent(96) ? dice.one(fitting) : dice.one(KINDS);
        var set = named("sys.constraint", free(CONSTRAINTS));
        set.add(set("sys.constraint.kind", kind));
        set.add(set("sys.constraint.definition", dice.percent(98) ? ruled.name() : "com.acme.unknown"));
        if (dice.percent(40)) {
            set.add(set(
                    "sys.constraint.type", ruled.carrier().isEmpty() || dice.percent(5) ? type() : ruled.carrier()));
        }
        if (dice.percent(40)) {
            set.add(set("sys.constraint.fromNowOn", new Literal.Flag(dice.percent(80))));
        }
        addParameters(set, kind, ruled);
        return set;
    }

    private static boolean fits(String kind, String valueType) {
        return switch (kind) {
            case "range" -> Set.of("integer", "decimal", "money").contains(valueType);
            case "length", "pattern" -> valueType.equals("string");
            case "one_of" -> !valueType.equals("money");
            case "reference" -> valueType.equals("reference");
            default -> true;
        };
    }

    private void addParameters(List<Setting> set, String kind, Def ruled) {
        switch (kind) {
            case "required" -> {
                addFlag(set, "perLocation");
                if (dice.percent(20)) {
                    set.add(set("sys.constraint.group", dice.one("g", "h")));
                }
            }
            case "unique" -> addFlag(set, "perLocation");
            case "cardinality" -> addBounds(set, ruled.many() ? 1 + dice.below(2) : 1);
            case "length" -> addBounds(set, 1 + dice.below(2));
            case "range" -> addBounds(set, dice.below(3) - 1, ruled.valueType().equals("money") ? 200 : dice.below(4));
            case "pattern" ->
                set.add(set("sys.constraint.pattern", dice.one("[a-b]+", "a.*", "[a-z]{1,2}", "(?=a)", "(a|é)b?")));
            case "one_of" -> {
                for (var i = dice.below(4); i >= 0; i--) {
                    set.add(set(
                            "sys.constraint.value", RandomValues.listed(dice, ruled.valueType(), RandomWishes.TOKENS)));
                }
            }
            case "reference" -> {
                if (dice.percent(80)) {
                    set.add(set("sys.constraint.onDelete", dice.one("block", "clear", "cascade", "cascade")));
                }
                if (dice.percent(20)) {
                    set.add(set("sys.constraint.target", ruled.target().isEmpty() ? type() : ruled.target()));
                }
            }
            default -> {}
        }
    }

    private void addFlag(List<Setting> set, String field) {
        if (dice.percent(50)) {
            set.add(set("sys.constraint." + field, new Literal.Flag(true)));
        }
    }

    private void addBounds(List<Setting> set, int number) {
        addBounds(set, number, number);
    }

    private void addBounds(List<Setting> set, int min, int max) {
        var which = dice.below(20);
        if (which < 14) {
            set.add(set("sys.constraint.min", Integer.toString(min)));
        }
        if (which > 6 && which < 19) {
            set.add(set("sys.constraint.max", Integer.toString(max)));
        }
    }

    /// Another definition, constraint … under the old name.
    private Operation change(String token) {
        var thing = Objects.requireNonNull(model.now().get(token));
        var fresh = switch (thing.type()) {
            case "sys.type" -> named("sys.type", dice.one(TYPES));
            case "sys.definition" -> definition();
            case "sys.constraint" -> constraint();
            default -> location();
        };
        var set = new ArrayList<Setting>();
        for (var setting : fresh) {
            var name = setting.slot().definition().text();
            var isKey = name.matches(".*\\.(name|id)|sys\\.constraint\\.(kind|definition)");
            if (dice.percent(isKey ? 4 : 50)) {
                set.add(setting);
            }
        }
        var unset = new ArrayList<Unsetting>();
        for (var fact : thing.facts().keySet()) {
            var name = fact.definition();
            var isKey = name.matches(".*\\.(name|id|valueType)|sys\\.(constraint|location)\\.(kind|definition)");
            var slot = new Slot(new DefinitionName(name), Optional.empty());
            var isSet = set.stream().anyMatch(setting -> setting.slot().equals(slot));
            var isTold = unset.stream().anyMatch(unsetting -> unsetting.slot().equals(slot));
            if (!isSet && !isTold && dice.percent(isKey ? 2 : 15)) {
                unset.add(new Unsetting(slot, Optional.empty()));
            }
        }
        return new Put(ObjectRef.parse(token), false, Optional.empty(), set, unset, Optional.empty());
    }
}
