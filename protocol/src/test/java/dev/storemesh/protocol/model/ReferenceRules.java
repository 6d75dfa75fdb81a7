package dev.storemesh.protocol.model;

import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.TreeSet;
import java.util.regex.Pattern;

/// The constraints, by loops over two copies: the one before a write, and the one after it. An audit takes everything
/// for changed, and leaves out what holds from now on only.
final class ReferenceRules {
    private final ReferenceSchema schema;
    private final Map<String, Thing> before;
    private final Map<String, Thing> after;
    private final boolean audit;
    private final Set<Fault> faults = new HashSet<>();

    private ReferenceRules(ReferenceSchema schema, Map<String, Thing> before, Map<String, Thing> after, boolean audit) {
        this.schema = schema;
        this.before = before;
        this.after = after;
        this.audit = audit;
    }

    static Set<Fault> judge(ReferenceSchema schema, Map<String, Thing> before, Map<String, Thing> after) {
        var rules = new ReferenceRules(schema, before, after, false);
        after.forEach(rules::judge);
        rules.judgeDeleted();
        return rules.faults;
    }

    static Set<Fault> audit(ReferenceSchema schema, Map<String, Thing> after) {
        var rules = new ReferenceRules(schema, Map.of(), after, true);
        after.forEach(rules::judge);
        after.forEach(rules::judgeFit);
        return rules.faults;
    }

    private void judge(String token, Thing thing) {
        var old = audit ? null : before.get(token);
        var had = old == null ? Set.<Fact>of() : old.facts().keySet();
        var set = new ArrayList<Fact>();
        var touched = new TreeSet<String>();
        for (var fact : thing.facts().keySet()) {
            if (!had.contains(fact)) {
                set.add(fact);
                touched.add(fact.definition());
            }
        }
        for (var fact : had) {
            if (!thing.facts().containsKey(fact)) {
                touched.add(fact.definition());
            }
        }
        for (var law : schema.laws) {
            var definition = schema.definitions.get(law.definition());
            var out = audit && law.fromNowOn() || !law.rules(thing.type());
            var carried = definition != null && definition.isCarriedBy(thing.type());
            if (out || definition == null || (audit || law.kind().equals("required")) && !carried) {
                continue; // what it may not have at all is judged by judgeFit alone
            }
            for (var fact : set) {
                if (fact.definition().equals(law.definition())) {
                    judgeFact(law, definition, token, fact);
                }
            }
            if (old == null || touched.contains(law.definition())) {
                judgeSlots(law, token, thing);
            }
        }
        if (!audit) {
            set.forEach(fact -> judgeReference(token, thing, fact));
        }
    }

    private void judgeFact(Law law, Def definition, String token, Fact fact) {
        var text = Meanings.text(fact.meaning());
        var type = Meanings.type(fact.meaning());
        var well = switch (law.kind()) {
            case "range" -> !type.matches("integer|decimal|money") || law.holds(Meanings.number(fact.meaning()));
            case "length" -> !type.equals("string") || law.holds(text.codePointCount(0, text.length()));
            case "pattern" -> !type.equals("string") || Pattern.matches(law.text("pattern"), text);
            case "one_of" -> isListed(law, definition, fact.meaning());
            case "global_only" -> fact.isAt("");
            default -> true;
        };
        if (!well) {
            faults.add(Fault.of(law.kind(), token, fact));
        }
        if (law.kind().equals("reference")) {
            judgeTarget(law.text("target").isEmpty() ? definition.target() : law.text("target"), token, fact);
        }
    }

    private static boolean isListed(Law law, Def definition, String meaning) {
        for (var text : law.fields().getOrDefault("value", List.of())) {
            try {
                if (LawReader.choice(definition, text).equals(meaning)) {
                    return true;
                }
            } catch (Meanings.NoValue e) {
                throw new AssertionError("the constraint was refused when it was made", e);
            }
        }
        return false;
    }

    /// A reference that no constraint rules.
    private void judgeReference(String token, Thing thing, Fact fact) {
        var definition = schema.definitions.get(fact.definition());
        if (definition != null && ruling(fact.definition(), thing.type()).isEmpty()) {
            judgeTarget(definition.target(), token, fact);
        }
    }

    private void judgeTarget(String expected, String token, Fact fact) {
        if (!Meanings.type(fact.meaning()).equals("reference")) {
            return;
        }
        var target = after.get(Meanings.text(fact.meaning()));
        if (target == null) {
            faults.add(Fault.of("unknown_reference", token, fact));
        } else if (!expected.isEmpty() && !expected.equals(target.type())) {
            faults.add(Fault.of("wrong_reference_type", token, fact));
        }
    }

    private List<Law> ruling(String definition, String type) {
        var ruling = new ArrayList<Law>();
        for (var law : schema.laws) {
            if (law.kind().equals("reference") && law.definition().equals(definition) && law.rules(type)) {
                ruling.add(law);
            }
        }
        return ruling;
    }

    private void judgeSlots(Law law, String token, Thing thing) {
        var definition = law.definition();
        switch (law.kind()) {
            case "required" -> {
                var places = law.perLocation() ? schema.places(law.text("group")) : List.of("");
                for (var place : places) {
                    if (thing.shown(definition, place).isEmpty()) {
                        faults.add(new Fault("required", token, definition, place));
                    }
                }
            }
            case "cardinality" -> {
                for (var place : thing.places(definition)) {
                    if (!law.holds(thing.slot(definition, place).size())) {
                        faults.add(new Fault("cardinality", token, definition, place));
                    }
                }
            }
            case "unique" ->
                after.forEach((other, rival) -> {
                    if (!other.equals(token) && law.rules(rival.type()) && isJudged(definition, rival)) {
                        if (law.perLocation()) {
                            judgeShown(definition, token, thing, rival);
                        } else {
                            judgeHeld(definition, token, thing, rival);
                        }
                    }
                });
            default -> {}
        }
    }

    private boolean isJudged(String definition, Thing rival) {
        var known = schema.definitions.get(definition);
        return !audit || known != null && known.isCarriedBy(rival.type());
    }

    /// No place where both show one value; places where neither has an own one are as the global view.
    private void judgeShown(String definition, String token, Thing thing, Thing rival) {
        var places = new TreeSet<>(Set.of(""));
        places.addAll(thing.places(definition));
        places.addAll(rival.places(definition));
        for (var place : places) {
            var both = thing.shown(definition, place);
            both.retainAll(rival.shown(definition, place));
            if (!both.isEmpty()) {
                faults.add(new Fault("not_unique", token, definition, place));
            }
        }
    }

    /// No value that both hold anywhere; told of the first place where this one holds it.
    private void judgeHeld(String definition, String token, Thing thing, Thing rival) {
        var theirs = new HashSet<String>();
        rival.places(definition).forEach(place -> theirs.addAll(rival.slot(definition, place)));
        var told = new HashSet<String>();
        for (var place : thing.places(definition)) {
            for (var meaning : thing.slot(definition, place)) {
                if (theirs.contains(meaning) && told.add(meaning)) {
                    faults.add(new Fault("not_unique", token, definition, place));
                }
            }
        }
    }

    /// What was deleted, and is still referred to by facts that stood before.
    private void judgeDeleted() {
        for (var token : before.keySet()) {
            if (!after.containsKey(token)) {
                after.forEach((referrer, thing) -> {
                    for (var fact : standing(referrer, thing, token)) {
                        if (onDelete(fact.definition(), thing.type()).equals("block")) {
                            faults.add(new Fault("referenced", token, fact.definition(), ""));
                        }
                    }
                });
            }
        }
    }

    private List<Fact> standing(String referrer, Thing thing, String target) {
        var facts = new ArrayList<Fact>();
        var old = before.get(referrer);
        for (var fact : thing.facts().keySet()) {
            if (fact.meaning().equals("reference:" + target)
                    && old != null
                    && old.facts().containsKey(fact)) {
                facts.add(fact);
            }
        }
        return facts;
    }

    /// Block beats cascade beats clear.
    private String onDelete(String definition, String type) {
        var ruling = ruling(definition, type);
        var strongest = ruling.isEmpty() ? "block" : "clear";
        for (var law : ruling) {
            if (law.onDelete().equals("block") || law.onDelete().equals("cascade") && strongest.equals("clear")) {
                strongest = law.onDelete();
            }
        }
        return strongest;
    }

    /// Clears and deletes in `after` what its deletions bring with them.
    static void carryOut(ReferenceSchema schema, Map<String, Thing> before, Map<String, Thing> after) {
        var rules = new ReferenceRules(schema, before, after, false);
        while (rules.carryOutOnce()) {
            // until nothing more follows
        }
    }

    private boolean carryOutOnce() {
        for (var token : before.keySet()) {
            if (after.containsKey(token)) {
                continue;
            }
            for (var referrer : List.copyOf(after.keySet())) {
                var thing = Objects.requireNonNull(after.get(referrer));
                for (var fact : standing(referrer, thing, token)) {
                    switch (onDelete(fact.definition(), thing.type())) {
                        case "cascade" -> {
                            after.remove(referrer);
                            return true;
                        }
                        case "clear" -> {
                            var cleared = thing.copy();
                            cleared.facts().remove(fact);
                            after.put(referrer, cleared);
                            return true;
                        }
                        default -> {}
                    }
                }
            }
        }
        return false;
    }

    /// Whether what stands fits the definitions, types and locations that there are.
    private void judgeFit(String token, Thing thing) {
        if (!schema.types.contains(thing.type())) {
            faults.add(Fault.of("type_in_use", token));
        }
        for (var fact : thing.facts().keySet()) {
            if (!fact.isAt("") && !schema.locations.containsKey(fact.location())) {
                faults.add(Fault.of("location_in_use", token, fact));
            }
            if (!fits(thing, fact)) {
                faults.add(Fault.of("definition_in_use", token, fact));
            }
        }
    }

    private boolean fits(Thing thing, Fact fact) {
        var definition = schema.definitions.get(fact.definition());
        if (definition == null
                || !Meanings.type(fact.meaning()).equals(definition.valueType())
                || !definition.isCarriedBy(thing.type())
                || !fact.isAt("") && !definition.varies()
                || !definition.many()
                        && thing.slot(fact.definition(), fact.location()).size() > 1) {
            return false;
        }
        var text = Meanings.text(fact.meaning());
        var target = after.get(text);
        return (!definition.valueType().equals("string")
                        || text.getBytes(StandardCharsets.UTF_8).length <= definition.maxBytes())
                && (definition.target().isEmpty()
                        || target != null && target.type().equals(definition.target()));
    }
}
