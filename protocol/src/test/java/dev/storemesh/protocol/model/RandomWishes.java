package dev.storemesh.protocol.model;

import dev.storemesh.protocol.catalog.CatalogPort.Opening;
import dev.storemesh.protocol.catalog.CatalogPort.Reversal;
import dev.storemesh.protocol.log.Provenance;
import dev.storemesh.protocol.log.Version;
import dev.storemesh.protocol.value.DefinitionName;
import dev.storemesh.protocol.value.LocationId;
import dev.storemesh.protocol.value.ObjectToken;
import dev.storemesh.protocol.value.Slot;
import dev.storemesh.protocol.value.TypeName;
import dev.storemesh.protocol.write.ObjectRef;
import dev.storemesh.protocol.write.Operation;
import dev.storemesh.protocol.write.Operation.Delete;
import dev.storemesh.protocol.write.Operation.Put;
import dev.storemesh.protocol.write.Operation.Setting;
import dev.storemesh.protocol.write.Operation.Undelete;
import dev.storemesh.protocol.write.Operation.Unsetting;
import dev.storemesh.protocol.write.Write;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;

/// Random rounds of writes and reverts, which look at the model to be worth something: few objects, few values, and
/// mostly
/// such as are there.
final class RandomWishes {
    static final List<String> TOKENS = List.of("o0", "o1", "o2", "o3", "o4", "o5", "o6", "o7");

    private final Dice dice;
    private final ReferenceCatalog model;
    private final RandomSchema schema;
    private final boolean expires;
    private final List<Wish> sent = new ArrayList<>();
    private int steps;
    private int keys;

    /// @param expires whether hours may go by
    RandomWishes(Dice dice, ReferenceCatalog model, boolean expires) {
        this.expires = expires;
        this.dice = dice;
        this.model = model;
        this.schema = new RandomSchema(dice, model);
    }

    /// What is asked at once.
    List<Wish> next() {
        if (steps++ < 3) {
            return List.of(beginning());
        }
        if (dice.percent(model.isOpen() ? 2 : 9)) {
            var opening = opening();
            sent.add(opening);
            return List.of(opening);
        }
        var wishes = new ArrayList<Wish>();
        for (var i = dice.percent(15) ? 2 + dice.below(3) : 1; i > 0; i--) {
            wishes.add(model.isOpen() ? inTransaction() : dice.percent(2) ? late() : wish());
        }
        sent.addAll(wishes);
        return wishes.getFirst() instanceof Wish.Open ? List.of(wishes.getFirst()) : unopened(wishes);
    }

    /// An opening that is repeated is asked alone.
    private static List<Wish> unopened(List<Wish> wishes) {
        return wishes.stream().filter(wish -> !(wish instanceof Wish.Open)).toList();
    }

    private Wish opening() {
        var first = dice.percent(40) ? Optional.of(write(operations())) : Optional.<Write>empty();
        var provenance = first.map(Write::provenance)
                .orElseGet(() -> dice.percent(50)
                        ? Provenance.of("importer").withKey(Optional.of("key-" + keys++))
                        : Provenance.of("importer"));
        var digest = first.map(Write::digest).orElse("digest-" + dice.below(1_000_000));
        return new Wish.Open(new Opening(provenance, digest, Opening.DEFAULT_IDLE, first));
    }

    private Wish inTransaction() {
        var choice = dice.below(100);
        if (choice < 12) {
            return wish();
        }
        if (choice < 22) {
            return new Wish.Commit();
        }
        if (choice < 28) {
            return expires && choice < 24 ? new Wish.Expire() : new Wish.RollBack();
        }
        return wish() instanceof Wish.Change change ? new Wish.Step(change) : again(dice.one(sent));
    }

    /// With the lock of what is over.
    private Wish late() {
        return switch (dice.below(3)) {
            case 0 -> new Wish.Commit();
            case 1 -> new Wish.RollBack();
            default -> new Wish.Step(new Wish.Write(write(operations())));
        };
    }

    private Wish wish() {
        var choice = dice.below(100);
        if (choice < 8) {
            return revert();
        }
        if (choice < 12 && !sent.isEmpty()) {
            return again(dice.one(sent));
        }
        return new Wish.Write(write(choice < 35 ? withSchema() : operations()));
    }

    private List<Operation> withSchema() {
        return operations(20);
    }

    private List<Operation> operations() {
        return operations(80);
    }

    private List<Operation> operations(int choice) {
        var operations = new ArrayList<Operation>();
        if (choice < 35) {
            operations.add(schema.operation());
        }
        for (var i = dice.below(choice < 35 ? 2 : 4); i >= 0 && !(choice < 35 && i == 0); i--) {
            operations.add(operation(operations));
        }
        if (operations.isEmpty()) {
            operations.add(schema.operation());
        }
        return operations;
    }

    /// A type, two locations, some definitions.
    private Wish beginning() {
        var operations = new ArrayList<Operation>();
        operations.add(schema.make("sys.type"));
        operations.add(schema.make("sys.location"));
        operations.add(schema.make("sys.definition"));
        operations.add(schema.make("sys.definition"));
        return new Wish.Write(write(operations));
    }

    private Write write(List<Operation> operations) {
        var provenance = Provenance.of("editor");
        return new Write(
                operations,
                dice.percent(20) ? provenance.withKey(Optional.of("key-" + keys++)) : provenance,
                "digest-" + dice.below(1_000_000),
                dice.percent(4) ? Optional.of(version()) : Optional.empty());
    }

    /// The same once more, or another under the same key.
    private Wish again(Wish wish) {
        if (!dice.percent(30)) {
            return wish;
        }
        return switch (wish) {
            case Wish.Write(var write) -> another(write);
            case Wish.Step(Wish.Write(var write)) -> dice.percent(50) ? new Wish.Step(another(write)) : another(write);
            case Wish other -> other;
        };
    }

    private static Wish.Write another(Write write) {
        return new Wish.Write(new Write(write.operations(), write.provenance(), "another", write.ifVersion()));
    }

    private Version version() {
        if (dice.percent(5)) {
            return new Version(model.head() + dice.below(4)); // perhaps one that this very round makes
        }
        return new Version(Math.max(0, model.head() - dice.below(dice.percent(70) ? 3 : (int) model.head() + 1)));
    }

    private Wish revert() {
        var to = dice.percent(50) ? version() : new Version(dice.below((int) model.head() + 1));
        return new Wish.Revert(new Reversal(
                to,
                dice.percent(60) ? Optional.of(chosen()) : Optional.empty(),
                dice.percent(5) ? Optional.of(version()) : Optional.empty(),
                Provenance.of("editor").withKey(dice.percent(20) ? Optional.of("key-" + keys++) : Optional.empty()),
                "digest-" + dice.below(1_000_000)));
    }

    private Set<ObjectToken> chosen() {
        var chosen = new HashSet<ObjectToken>();
        var all = dice.percent(4) ? List.of("never") : List.copyOf(model.tokens());
        for (var i = dice.below(3); i >= 0 && !all.isEmpty(); i--) {
            chosen.add(new ObjectToken(dice.one(all)));
        }
        return chosen.isEmpty() ? Set.of(new ObjectToken("never")) : chosen;
    }

    private Operation operation(List<Operation> before) {
        var live = model.now().keySet().stream()
                .filter(token -> !token.startsWith("sys."))
                .toList();
        var gone = model.tokens().stream()
                .filter(token -> !model.now().containsKey(token))
                .toList();
        var choice = dice.below(100);
        if (choice < 35 || live.isEmpty()) {
            return make(before);
        }
        if (choice < 72) {
            return change(dice.percent(94) ? dice.one(live) : dice.one(TOKENS), before);
        }
        if (choice < 88) {
            return new Delete(ObjectRef.parse(dice.one(dice.percent(94) ? live : TOKENS)), ifVersion());
        }
        var deletedHere = before.stream()
                .filter(operation -> operation instanceof Delete)
                .map(operation -> operation.object().text())
                .toList();
        if (!deletedHere.isEmpty() && dice.percent(50)) {
            return new Undelete(ObjectRef.parse(dice.one(deletedHere)), ifVersion());
        }
        return new Undelete(
                ObjectRef.parse(gone.isEmpty() || dice.percent(6) ? dice.one(TOKENS) : dice.one(gone)), ifVersion());
    }

    private Optional<Version> ifVersion() {
        return dice.percent(6) ? Optional.of(version()) : Optional.empty();
    }

    private Operation make(List<Operation> before) {
        var types = model.schema().types.stream()
                .filter(type -> !type.startsWith("sys."))
                .toList();
        var type = dice.percent(97) ? dice.one(types) : dice.one("com.acme.unknown", "sys.change_request", "sys.type");
        var used = new HashSet<>(model.tokens());
        before.forEach(operation -> used.add(operation.object().text()));
        var unused = TOKENS.stream().filter(token -> !used.contains(token)).toList();
        var object = unused.isEmpty() || dice.percent(30)
                ? "#t" + dice.below(3)
                : dice.one(dice.percent(90) ? unused : TOKENS);
        return new Put(
                ObjectRef.parse(object),
                !object.startsWith("#"),
                dice.percent(98) ? Optional.of(new TypeName(type)) : Optional.empty(),
                settings(type, before, true),
                List.of(),
                Optional.empty());
    }

    private Operation change(String token, List<Operation> before) {
        var thing = model.now().getOrDefault(token, Thing.bare("retail.item"));
        var unset = new ArrayList<Unsetting>();
        for (var fact : thing.facts().keySet()) {
            if (dice.percent(20)) {
                unset.add(new Unsetting(
                        slot(fact.definition(), fact.location()),
                        dice.percent(40)
                                ? Optional.of(
                                        Objects.requireNonNull(thing.facts().get(fact))
                                                .literal())
                                : Optional.empty()));
            }
        }
        var set = settings(thing.type(), before, false).stream()
                .filter(setting -> dice.percent(5)
                        || unset.stream()
                                .noneMatch(unsetting -> unsetting.slot().equals(setting.slot())))
                .toList();
        return new Put(
                ObjectRef.parse(token),
                false,
                dice.percent(5) ? Optional.of(new TypeName(thing.type())) : Optional.empty(),
                set,
                unset,
                ifVersion());
    }

    private static Slot slot(String definition, String location) {
        return new Slot(
                new DefinitionName(definition),
                location.isEmpty() ? Optional.empty() : Optional.of(new LocationId(location)));
    }

    private List<Setting> settings(String type, List<Operation> before, boolean isNew) {
        var settings = new ArrayList<Setting>();
        for (var definition : model.schema().definitions.values()) {
            if (definition.name().startsWith("sys.") && !definition.carrier().isEmpty() && dice.below(40) > 0) {
                continue;
            }
            var required = isNew
                    && model.schema().laws.stream()
                            .anyMatch(law -> law.kind().equals("required")
                                    && law.definition().equals(definition.name())
                                    && law.rules(type));
            var chance = !definition.isCarriedBy(type)
                    ? 0
                    : required ? 85 : definition.name().startsWith("com.") ? 45 : 8;
            if (definition.name().equals("sys.enabled") && chance > 0) {
                chance = 14;
            }
            if (chance == 0 ? dice.below(400) == 0 : dice.percent(chance)) {
                addValues(settings, definition, before);
            }
        }
        return settings;
    }

    private void addValues(List<Setting> settings, Def definition, List<Operation> before) {
        for (var i = definition.many() && dice.percent(50) ? 1 + dice.below(2) : 0; i >= 0; i--) {
            settings.add(new Setting(
                    slot(definition.name(), place(definition)),
                    RandomValues.of(dice, definition.valueType(), targets(definition.target(), before))));
        }
    }

    private String place(Def definition) {
        var places = model.schema().locations.keySet();
        if (dice.percent(1)) {
            return "L9";
        }
        return !places.isEmpty() && dice.percent(definition.varies() ? 50 : 1) ? dice.one(places) : "";
    }

    /// Mostly those that are there, or are made here.
    private List<String> targets(String type, List<Operation> before) {
        var fitting = dice.percent(10) ? "" : type;
        var targets = new ArrayList<String>();
        for (var operation : before) {
            if (operation instanceof Put put
                    && (fitting.isEmpty()
                            || put.type()
                                    .filter(of -> of.text().equals(fitting))
                                    .isPresent())) {
                targets.add(operation.object().text());
            }
        }
        model.now().forEach((token, thing) -> {
            var fits = fitting.isEmpty()
                    ? !token.startsWith("sys.") || dice.percent(5)
                    : thing.type().equals(fitting);
            if (fits) {
                targets.add(token);
            }
        });
        return targets.isEmpty() || dice.percent(4) ? TOKENS : targets;
    }
}
