package dev.storemesh.ops.jmh;

import dev.storemesh.protocol.CatalogBench;
import dev.storemesh.protocol.Samples;
import dev.storemesh.protocol.catalog.Answer;
import dev.storemesh.protocol.catalog.CatalogCommand.Submit;
import dev.storemesh.protocol.catalog.CatalogDecider;
import dev.storemesh.protocol.catalog.Outcome.Decided;
import dev.storemesh.protocol.catalog.Outcome.NeedsLookups;
import dev.storemesh.protocol.catalog.Round;
import dev.storemesh.protocol.log.Provenance;
import dev.storemesh.protocol.value.Literal;
import dev.storemesh.protocol.write.Fetched;
import dev.storemesh.protocol.write.Operation;
import java.util.List;
import java.util.stream.IntStream;

/// A catalog of 10,000 items of seven attributes in 50 departments, in one partition, after 2,000 changes of a price.
final class Shop {
    static final int ITEMS = 10_000;
    static final int CHANGES = 2_000;
    private static final int DEPARTMENTS = 50;
    private static final int STEP = 500;

    final CatalogBench bench = CatalogBench.made();

    Shop() {
        write(IntStream.range(0, DEPARTMENTS)
                .mapToObj(i ->
                        Samples.department("d" + i, Samples.set(Samples.DEPARTMENT_NAME, Samples.text("Dep " + i))))
                .toArray(Operation[]::new));
        for (var first = 0; first < ITEMS; first += STEP) {
            write(IntStream.range(first, first + STEP).mapToObj(Shop::item).toArray(Operation[]::new));
        }
        for (var change = 0; change < CHANGES; change++) {
            write(price(change));
        }
    }

    private void write(Operation... operations) {
        var answer = bench.write(operations);
        if (!(answer instanceof Answer.Accepted)) {
            throw new IllegalStateException("a write of the shop was not accepted: " + answer);
        }
    }

    static Operation item(int number) {
        return Samples.item(
                "item-" + number,
                Samples.set(Samples.NAME, Samples.text("Article " + number + " of the shop")),
                Samples.set(Samples.NOTE, Samples.text("shelf " + number % 100)),
                Samples.set(Samples.PRICE, Samples.cents(100 + number)),
                Samples.set("store-1", Samples.PRICE, Samples.cents(90 + number)),
                Samples.set(Samples.TAX, new Literal.Whole(7)),
                Samples.set(Samples.TARE, Samples.text("0.015")),
                Samples.set(Samples.IN_DEPARTMENT, Samples.text("d" + number % DEPARTMENTS)));
    }

    /// The price of one item, each time another one.
    static Operation price(int change) {
        return Samples.change("item-" + change * 7 % ITEMS, Samples.set(Samples.PRICE, Samples.cents(1 + change)));
    }

    Submit submit(Operation... operations) {
        return bench.submit(Provenance.of("editor"), "", operations);
    }

    /// What the decider asks for before it can decide.
    Fetched fetched(Submit submit) {
        var fetched = Fetched.NOTHING;
        while (CatalogDecider.decideRound(bench.catalog(), fetched, List.of(submit), Samples.NOON)
                instanceof NeedsLookups(var lookups)) {
            fetched = fetched.and(bench.partition().fetch(lookups, bench.head()));
        }
        return fetched;
    }

    /// What is journaled for it.
    Round round(Submit submit) {
        if (CatalogDecider.decideRound(bench.catalog(), fetched(submit), List.of(submit), Samples.NOON)
                        instanceof Decided(var events, var answers)
                && !events.isEmpty()) {
            return new Round(events);
        }
        throw new IllegalStateException("a write of the shop was not accepted");
    }
}
