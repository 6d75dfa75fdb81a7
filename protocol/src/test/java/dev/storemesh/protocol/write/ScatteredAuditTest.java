package dev.storemesh.protocol.write;

import static org.assertj.core.api.Assertions.assertThat;

import dev.storemesh.protocol.Samples;
import dev.storemesh.protocol.catalog.Answer;
import dev.storemesh.protocol.catalog.Catalog;
import dev.storemesh.protocol.catalog.CatalogCommand;
import dev.storemesh.protocol.catalog.CatalogCommand.Create;
import dev.storemesh.protocol.catalog.CatalogCommand.Submit;
import dev.storemesh.protocol.catalog.CatalogDecider;
import dev.storemesh.protocol.catalog.Outcome.Decided;
import dev.storemesh.protocol.catalog.Outcome.NeedsLookups;
import dev.storemesh.protocol.catalog.Refusal;
import dev.storemesh.protocol.catalog.Round;
import dev.storemesh.protocol.log.LogEntry;
import dev.storemesh.protocol.log.Position;
import dev.storemesh.protocol.log.Provenance;
import dev.storemesh.protocol.object.LogRow;
import dev.storemesh.protocol.object.PartitionContents;
import dev.storemesh.protocol.object.PartitionImage;
import dev.storemesh.protocol.object.PartitionMap;
import dev.storemesh.protocol.schema.StandardSchema;
import dev.storemesh.protocol.schema.Violation;
import dev.storemesh.protocol.value.DefinitionName;
import dev.storemesh.protocol.value.Namespaces;
import dev.storemesh.protocol.value.TypeName;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

/// An audit of objects that several partitions own, and that refer to one another across them.
class ScatteredAuditTest {
    private static final int PARTITIONS = 4;
    private static final int ITEMS = 40;
    private static final DefinitionName BESIDE = new DefinitionName("com.acme.beside");

    private final PartitionMap map = new PartitionMap(1, Collections.nCopies(PARTITIONS, Position.START));
    private final List<PartitionContents> partitions = IntStream.range(0, PARTITIONS)
            .mapToObj(number -> PartitionContents.of(PartitionImage.EMPTY))
            .toList();
    private Catalog catalog = Catalog.unmade(Samples.DEMO);

    private Answer write(Operation... operations) {
        return run(new Submit(
                new Write(List.of(operations), Provenance.of("editor"), "", Optional.empty()),
                Map.of(),
                Namespaces.NONE));
    }

    private Answer run(CatalogCommand command) {
        var fetched = Fetched.NOTHING;
        for (var asked = 0; asked < 20; asked++) {
            switch (CatalogDecider.decideRound(catalog, fetched, List.of(command), Samples.NOON)) {
                case NeedsLookups(var lookups) -> {
                    for (var lookup : lookups) {
                        fetched = fetched.and(fetch(lookup));
                    }
                }
                case Decided(var events, var answers) -> {
                    if (!events.isEmpty()) {
                        var round = new Round(events);
                        catalog = CatalogDecider.evolve(catalog, round);
                        feed(round);
                    }
                    return answers.getFirst();
                }
            }
        }
        throw new AssertionError("the decider asks for look-ups without end");
    }

    private Fetched fetch(Lookup lookup) {
        var asked = lookup.routedBy()
                .map(text -> List.of(partitions.get(map.partitionOf(text))))
                .orElse(partitions);
        return asked.stream().map(partition -> partition.fetch(List.of(lookup))).reduce(Fetched.NOTHING, Fetched::and);
    }

    private void feed(Round round) {
        for (var number = 0; number < PARTITIONS; number++) {
            var steps = new ArrayList<LogRow.Step>();
            for (var entry : round.entries()) {
                steps.add(new LogRow.Step(part(entry, number), Optional.empty()));
            }
            partitions.get(number).apply(new LogRow(catalog.position(), steps));
        }
    }

    private LogEntry part(LogEntry entry, int number) {
        var own = entry.changes().stream()
                .filter(change -> map.partitionOf(change.object().text()) == number)
                .toList();
        return new LogEntry(entry.version(), entry.at(), entry.provenance(), entry.chain(), entry.isVoid(), own);
    }

    /// Items that each refer to the next, and a definition that lets them refer to anything.
    private void fill() {
        run(new Create(Samples.HISTORY, Provenance.of("operator")));
        assertThat(write(Samples.make(
                        "sys.beside",
                        StandardSchema.DEFINITION,
                        Samples.set(ofDefinition("name"), Samples.text(BESIDE.text())),
                        Samples.set(ofDefinition("type"), Samples.text("retail.item")),
                        Samples.set(ofDefinition("valueType"), Samples.text("reference")))))
                .isInstanceOf(Answer.Accepted.class);
        var operations = new ArrayList<Operation>();
        for (var i = 0; i < ITEMS; i++) {
            operations.add(Samples.item("item-" + i, Samples.set(BESIDE, Samples.text("item-" + (i + 1) % ITEMS))));
        }
        assertThat(write(operations.toArray(Operation[]::new))).isInstanceOf(Answer.Accepted.class);
        assertThat(partitions)
                .allSatisfy(partition -> assertThat(partition.objects().size()).isPositive());
    }

    private Answer narrow(TypeName target) {
        return write(Samples.change("sys.beside", Samples.set(ofDefinition("target"), Samples.text(target.text()))));
    }

    private static DefinitionName ofDefinition(String name) {
        return StandardSchema.name(StandardSchema.DEFINITION, name);
    }

    @Test
    void findsNothingWrongWithReferencesIntoOtherPartitions() {
        fill();
        assertThat(narrow(StandardSchema.ITEM)).isInstanceOf(Answer.Accepted.class);
    }

    @Test
    void findsAllThatIsWrong() {
        fill();
        assertThat(narrow(StandardSchema.DEPARTMENT))
                .isInstanceOfSatisfying(
                        Answer.Refused.class,
                        refused -> assertThat(refused.refusal())
                                .isInstanceOfSatisfying(Refusal.Violations.class, wrong -> {
                                    assertThat(wrong.count()).isEqualTo(ITEMS);
                                    assertThat(wrong.violations())
                                            .extracting(Violation::code)
                                            .containsOnly(Violation.Code.DEFINITION_IN_USE);
                                }));
    }
}
