package dev.storemesh.protocol.model;

import dev.storemesh.protocol.catalog.Answer;
import dev.storemesh.protocol.value.ObjectToken;
import dev.storemesh.protocol.write.TemporaryNames;
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
        this.wishes = new RandomWishes(dice, model);
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
        switch (wish) {
            case Wish.Write(var write) -> {
                var names = answer instanceof Answer.Accepted accepted
                        ? accepted.names()
                        : TemporaryNames.assign(write.operations(), () -> String.format("refused-%04d", ++tokens));
                var verdict = model.decide(write, names);
                note(verdict);
                comparison.answer(answer, verdict, object -> text(names, object));
            }
            case Wish.Revert(var reversal) -> {
                var verdict = model.decide(reversal);
                note(verdict);
                comparison.answer(answer, verdict, object -> object);
            }
        }
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
