package dev.storemesh.protocol;

import static org.assertj.core.api.Assertions.assertThat;

import dev.storemesh.protocol.catalog.Answer;
import dev.storemesh.protocol.catalog.Catalog;
import dev.storemesh.protocol.catalog.CatalogCommand;
import dev.storemesh.protocol.catalog.CatalogCommand.Submit;
import dev.storemesh.protocol.catalog.CatalogDecider;
import dev.storemesh.protocol.catalog.CatalogEvent.Created;
import dev.storemesh.protocol.catalog.CatalogEvent.WriteAccepted;
import dev.storemesh.protocol.catalog.Outcome.Decided;
import dev.storemesh.protocol.catalog.Outcome.NeedsLookups;
import dev.storemesh.protocol.catalog.Round;
import dev.storemesh.protocol.log.LogEntry;
import dev.storemesh.protocol.log.Provenance;
import dev.storemesh.protocol.log.Version;
import dev.storemesh.protocol.object.LogRow;
import dev.storemesh.protocol.object.PartitionContents;
import dev.storemesh.protocol.object.PartitionImage;
import dev.storemesh.protocol.object.Scope;
import dev.storemesh.protocol.object.StagedVersion;
import dev.storemesh.protocol.value.DefinitionName;
import dev.storemesh.protocol.value.Namespaces;
import dev.storemesh.protocol.value.ObjectToken;
import dev.storemesh.protocol.value.Slot;
import dev.storemesh.protocol.value.Value;
import dev.storemesh.protocol.write.Fetched;
import dev.storemesh.protocol.write.Operation;
import dev.storemesh.protocol.write.TemporaryNames;
import dev.storemesh.protocol.write.Write;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/// A catalog and its one partition without actors: decides rounds, folds what was accepted, and answers the look-ups.
public final class CatalogBench {
    private Catalog catalog = Catalog.unmade(Samples.DEMO);
    private final PartitionContents partition = PartitionContents.of(PartitionImage.EMPTY);
    private final List<LogEntry> log = new ArrayList<>();
    private final List<LogRow> rows = new ArrayList<>();
    private Instant clock = Samples.NOON;
    private int tokens;

    /// A catalog at version 1, which has the locations of [Samples#LOCATIONS] already.
    public static CatalogBench made() {
        var bench = new CatalogBench();
        bench.journal(new Round(List.of(
                new Created(Samples.NOON, Samples.HISTORY),
                new WriteAccepted(Samples.firstEntry(Samples.DEMO, Samples.HISTORY), Map.of(), ""))));
        return bench;
    }

    public Catalog catalog() {
        return catalog;
    }

    public Catalog.Made standing() {
        if (catalog instanceof Catalog.Made made) {
            return made;
        }
        throw new AssertionError("the catalog was not made");
    }

    public Version head() {
        return standing().head();
    }

    public List<LogEntry> log() {
        return List.copyOf(log);
    }

    /// All that was journaled, as partitions see it.
    public List<LogRow> rows() {
        return List.copyOf(rows);
    }

    public PartitionContents partition() {
        return partition;
    }

    public void setClock(Instant now) {
        clock = now;
    }

    public Answer run(CatalogCommand command) {
        return round(command).getFirst();
    }

    /// All in one round; those without an answer are to begin the next.
    public List<Answer> round(CatalogCommand... commands) {
        var fetched = Fetched.NOTHING;
        for (var asked = 0; asked < 150; asked++) {
            switch (CatalogDecider.decideRound(catalog, fetched, List.of(commands), clock)) {
                case NeedsLookups(var lookups) -> fetched = fetched.and(partition.fetch(lookups, newest()));
                case Decided(var events, var answers) -> {
                    assertThat(answers).hasSizeLessThanOrEqualTo(commands.length);
                    if (!events.isEmpty()) {
                        journal(new Round(events));
                    }
                    return answers;
                }
            }
        }
        throw new AssertionError("the decider asks for look-ups without end");
    }

    private Version newest() {
        return catalog instanceof Catalog.Made made
                ? made.staged().map(StagedVersion::version).orElse(made.head())
                : Version.NONE;
    }

    private void journal(Round round) {
        catalog = CatalogDecider.evolve(catalog, round);
        var row = round.row(catalog.position());
        rows.add(row);
        partition.apply(row);
        log.addAll(round.entries());
    }

    public Answer write(Operation... operations) {
        return run(submit(Provenance.of("editor"), "", operations));
    }

    /// A write under an idempotency key; its digest is that of its operations.
    public Submit keyed(String caller, String key, Operation... operations) {
        return submit(
                Provenance.of(caller).withKey(Optional.of(key)),
                List.of(operations).toString(),
                operations);
    }

    /// As sites do it: each submission makes new tokens.
    public Submit submit(Provenance provenance, String digest, Operation... operations) {
        var names = TemporaryNames.assign(List.of(operations), () -> "made-" + ++tokens);
        return new Submit(new Write(List.of(operations), provenance, digest, Optional.empty()), names, Namespaces.NONE);
    }

    public Optional<Value> value(String object, DefinitionName definition) {
        return value(object, Samples.global(definition));
    }

    public Optional<Value> value(String object, Slot slot) {
        return partition
                .objects()
                .object(new ObjectToken(object), head(), Scope.all())
                .flatMap(view -> view.rows().stream()
                        .filter(row -> row.slot().equals(slot))
                        .map(row -> row.attribute().value())
                        .findFirst());
    }
}
