package dev.storemesh.node.replica;

import dev.storemesh.protocol.catalog.Catalog;
import dev.storemesh.protocol.catalog.CatalogCommand;
import dev.storemesh.protocol.catalog.CatalogCommand.Commit;
import dev.storemesh.protocol.catalog.CatalogCommand.Create;
import dev.storemesh.protocol.catalog.CatalogCommand.Open;
import dev.storemesh.protocol.catalog.CatalogCommand.RollBack;
import dev.storemesh.protocol.catalog.CatalogCommand.Step;
import dev.storemesh.protocol.catalog.CatalogCommand.Submit;
import dev.storemesh.protocol.catalog.CatalogDecider;
import dev.storemesh.protocol.catalog.Outcome.Decided;
import dev.storemesh.protocol.catalog.Outcome.NeedsLookups;
import dev.storemesh.protocol.catalog.Round;
import dev.storemesh.protocol.log.HistoryId;
import dev.storemesh.protocol.log.LogEntry;
import dev.storemesh.protocol.log.Position;
import dev.storemesh.protocol.log.Provenance;
import dev.storemesh.protocol.log.Version;
import dev.storemesh.protocol.object.PartitionContents;
import dev.storemesh.protocol.object.PartitionImage;
import dev.storemesh.protocol.object.StagedVersion;
import dev.storemesh.protocol.value.CatalogId;
import dev.storemesh.protocol.value.Namespaces;
import dev.storemesh.protocol.write.Fetched;
import dev.storemesh.protocol.write.Operation;
import dev.storemesh.protocol.write.Write;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/// HQ's log of one catalog without HQ: made by its rules.
public final class HqLog {
    public static final CatalogId DEMO = new CatalogId("demo");
    private static final Instant NOON = Instant.parse("2026-01-01T12:00:00Z");

    private final HistoryId history;
    private final PartitionContents objects = PartitionContents.of(PartitionImage.EMPTY);
    private final List<LogEntry> entries = new ArrayList<>();
    private Catalog catalog = Catalog.unmade(DEMO);

    /// A log with one version, its creation; `history` is a ULID.
    public HqLog(String history) {
        this.history = new HistoryId(history);
        execute(new Create(this.history, Provenance.of("ann")));
    }

    public HistoryId history() {
        return history;
    }

    public List<LogEntry> entries() {
        return catalog instanceof Catalog.Made made
                ? entries.stream()
                        .filter(entry -> !entry.version().isAfter(made.head()))
                        .filter(entry -> !made.transactions().isDiscarded(entry))
                        .toList()
                : List.of();
    }

    private Version newest() {
        return catalog instanceof Catalog.Made made
                ? made.staged().map(StagedVersion::version).orElse(made.head())
                : Version.NONE;
    }

    /// The one version that this accepted write makes.
    public LogEntry write(Write write) {
        execute(new Submit(write, Map.of(), Namespaces.NONE));
        return entries.getLast();
    }

    /// A transaction of these steps, one for each, and its end.
    public void transaction(boolean commit, Operation... steps) {
        execute(new Open(
                "0".repeat(32),
                Provenance.of("ann"),
                "",
                Duration.ofMinutes(1),
                Duration.ofHours(4),
                1 << 20,
                Optional.empty()));
        var lock = ((Catalog.Made) catalog).transactions().open().orElseThrow().lock();
        for (var step : steps) {
            execute(new Step(
                    lock,
                    new Submit(
                            new Write(List.of(step), Provenance.of("ann"), "", Optional.empty()),
                            Map.of(),
                            Namespaces.NONE)));
        }
        execute(commit ? new Commit(lock) : new RollBack(lock));
    }

    public void execute(CatalogCommand command) {
        var fetched = Fetched.NOTHING;
        while (CatalogDecider.decideRound(catalog, fetched, List.of(command), NOON)
                instanceof NeedsLookups(var wanted)) {
            fetched = fetched.and(objects.fetch(wanted, newest()));
        }
        var decided = (Decided) CatalogDecider.decideRound(catalog, fetched, List.of(command), NOON);
        if (decided.events().isEmpty()) {
            throw new AssertionError(decided.answers());
        }
        var round = new Round(decided.events());
        catalog = CatalogDecider.evolve(catalog, round);
        objects.apply(round.row(new Position(catalog.position().number())));
        entries.addAll(round.entries());
    }
}
