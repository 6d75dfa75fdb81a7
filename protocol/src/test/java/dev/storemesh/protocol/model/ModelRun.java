package dev.storemesh.protocol.model;

import dev.storemesh.protocol.catalog.Answer;
import dev.storemesh.protocol.value.ObjectToken;
import dev.storemesh.protocol.write.Operation;
import dev.storemesh.protocol.write.TemporaryNames;
import dev.storemesh.protocol.write.Write;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;

/// One run: random wishes to a catalog and to the model, compared after each step. What it does is determined by the
/// seed.
public final class ModelRun {
    private final ModelledCatalog real;
    private final ReferenceCatalog model = new ReferenceCatalog();
    private final long seed;
    private final Dice dice;
    private final RandomWishes wishes;
    private final Comparison comparison;
    private final Map<String, Integer> seen = new TreeMap<>();
    private final int restartPercent;
    private String doing = "";
    private int tokens;

    /// @param restartPercent how often the catalog is restarted after a step
    public ModelRun(ModelledCatalog real, long seed, int restartPercent) {
        this.real = real;
        this.seed = seed;
        this.dice = new Dice(seed);
        this.wishes = new RandomWishes(dice, model, real.expires());
        this.comparison = new Comparison(model, real);
        this.restartPercent = restartPercent;
    }

    /// How often each answer and each violation came up.
    public Map<String, Integer> seen() {
        return seen;
    }

    /// Steps, and reads of any version after about one of six.
    public ModelRun run(int steps) {
        for (var step = 1; step <= steps; step++) {
            var before = model.now();
            try {
                step();
            } catch (AssertionError | RuntimeException e) {
                throw new AssertionError(
                        "seed " + seed + ", step " + step + ": " + doing + "\n" + e.getMessage() + "\n  before: "
                                + before,
                        e);
            }
        }
        return this;
    }

    private void step() {
        var round = wishes.next();
        doing = round.toString();
        var answers = real.ask(round);
        if (answers.size() != round.size()) {
            throw new AssertionError(answers.size() + " answers to " + round.size() + " wishes");
        }
        for (var i = 0; i < round.size(); i++) {
            doing = round.get(i) + " (" + i + " of " + round + ")";
            judge(round.get(i), answers.get(i));
        }
        if (dice.percent(restartPercent)) {
            doing += ", restart";
            real.restart();
        }
        comparison.head();
        if (dice.percent(16)) {
            read();
        }
    }

    private void judge(Wish wish, Answer answer) {
        var names = names(wish, answer);
        var verdict = verdict(wish, names);
        note(verdict);
        comparison.answer(answer, verdict, object -> text(names, object));
    }

    private Verdict verdict(Wish wish, Map<String, ObjectToken> names) {
        return switch (wish) {
            case Wish.Change change -> model.outside(() -> verdict(change, names));
            case Wish.Step(var change) -> model.step(() -> verdict(change, names));
            case Wish.Open(var opening) -> model.open(opening, names);
            case Wish.Commit commit -> model.end("committed");
            case Wish.RollBack rollBack -> model.end("rolled_back");
            case Wish.Expire expire -> model.isOpen() ? model.end("too_long") : new Verdict.Over();
        };
    }

    private Verdict verdict(Wish.Change change, Map<String, ObjectToken> names) {
        return switch (change) {
            case Wish.Write(var write) -> model.decide(write, names);
            case Wish.Revert(var reversal) -> model.decide(reversal);
        };
    }

    /// The tokens of the temporary names: those that were given, or any.
    private Map<String, ObjectToken> names(Wish wish, Answer answer) {
        return switch (answer) {
            case Answer.Accepted accepted -> accepted.names();
            case Answer.Staged staged -> staged.names();
            case Answer.Opened opened ->
                opened.first().map(Answer.Staged::names).orElse(Map.of());
            case Answer other -> TemporaryNames.assign(operations(wish), () -> String.format("refused-%04d", ++tokens));
        };
    }

    private static List<Operation> operations(Wish wish) {
        return switch (wish) {
            case Wish.Write(var write) -> write.operations();
            case Wish.Step(var change) -> operations(change);
            case Wish.Open(var opening) ->
                opening.first().map(Write::operations).orElse(List.of());
            case Wish other -> List.of();
        };
    }

    private static String text(Map<String, ObjectToken> names, String object) {
        var token = names.get(object);
        return token == null ? object : token.text();
    }

    private void note(Verdict verdict) {
        seen.merge(verdict.getClass().getSimpleName(), 1, Integer::sum);
        var faults = switch (verdict) {
            case Verdict.Unsound(var must, var may) -> may;
            case Verdict.BrokenSchema(var broken) -> broken;
            case Verdict.Accepted accepted -> Set.<Fault>of();
            case Verdict.KeyReused reused -> Set.<Fault>of();
            case Verdict.NotYetSeen notYet -> Set.<Fault>of();
            case Verdict.UnknownObject unknown -> Set.<Fault>of();
            case Verdict.Moved moved -> Set.<Fault>of();
            case Verdict.Opened opened -> Set.<Fault>of();
            case Verdict.Ended ended -> Set.<Fault>of();
            case Verdict.Locked locked -> Set.<Fault>of();
            case Verdict.Over over -> Set.<Fault>of();
        };
        faults.forEach(fault -> seen.merge(fault.code(), 1, Integer::sum));
    }

    private void read() {
        var version = (long) dice.below((int) model.head() + 1);
        var since = (long) dice.below((int) version + 1);
        var location = location();
        doing = "reads at " + version + " since " + since + " in " + location + " after " + doing;
        for (var token : some(List.copyOf(model.tokens()))) {
            comparison.object(token, location, version);
            comparison.history(token, "", location, version, 1 + dice.below(4));
            var thing = model.now().getOrDefault(token, Thing.bare("retail.item"));
            for (var definition : thing.facts().keySet().stream().limit(1).toList()) {
                comparison.history(token, definition.definition(), location, version, 1 + dice.below(4));
            }
        }
        var type = dice.percent(70) ? Optional.<String>empty() : Optional.of(dice.one(model.schema().types));
        comparison.page(type, location, version, 1 + dice.below(12));
        comparison.changes(location, since, version, 1 + dice.below(12));
        comparison.differences(location, since, version, 1 + dice.below(12));
        comparison.differences(location, version, since, 1 + dice.below(12));
    }

    private Optional<String> location() {
        var places = model.schema().locations.keySet();
        return places.isEmpty() || dice.percent(35) ? Optional.empty() : Optional.of(dice.one(places));
    }

    private List<String> some(List<String> all) {
        var some = new ArrayList<String>();
        for (var i = 0; i < 4 && !all.isEmpty(); i++) {
            some.add(dice.one(all));
        }
        return some;
    }
}
