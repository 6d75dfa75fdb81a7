package dev.storemesh.http.route;

import static org.assertj.core.api.Assertions.assertThat;

import dev.storemesh.protocol.json.Json;
import dev.storemesh.protocol.log.ChainHash;
import dev.storemesh.protocol.log.HistoryId;
import dev.storemesh.protocol.log.LogEntry;
import dev.storemesh.protocol.log.LogJson;
import dev.storemesh.protocol.log.ObjectChange;
import dev.storemesh.protocol.log.Provenance;
import dev.storemesh.protocol.log.Version;
import dev.storemesh.protocol.object.Scoped;
import dev.storemesh.protocol.value.Attribute;
import dev.storemesh.protocol.value.CatalogId;
import dev.storemesh.protocol.value.DefinitionName;
import dev.storemesh.protocol.value.LocationId;
import dev.storemesh.protocol.value.ObjectToken;
import dev.storemesh.protocol.value.TypeName;
import dev.storemesh.protocol.value.Value;
import java.time.Instant;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

final class WrittenEntriesTest {
    private static LogEntry entry(long version, String reason) {
        return new LogEntry(
                new Version(version),
                Instant.EPOCH,
                new Provenance(
                        "anna",
                        Optional.empty(),
                        Optional.empty(),
                        Optional.empty(),
                        Optional.empty(),
                        Optional.of(reason)),
                ChainHash.origin(new CatalogId("shop"), new HistoryId("01JD0000000000000000000000")),
                false,
                List.of());
    }

    @Test
    void anEntryIsWrittenOnceForAllWhoAreGivenIt() {
        var written = new WrittenEntries(1 << 20);
        var entry = entry(1, "menu");
        assertThat(written.of(entry))
                .isEqualTo(Json.bytes(LogJson.write(entry)))
                .isSameAs(written.of(entry));
    }

    @Test
    void oneOfTheSameVersionThatSaysSomethingElseIsWrittenAsItIs() {
        var written = new WrittenEntries(1 << 20);
        var whole = entry(1, "menu");
        var filtered = entry(1, "a part of it");
        written.of(whole);
        assertThat(written.of(filtered)).isEqualTo(Json.bytes(LogJson.write(filtered)));
    }

    private static LogEntry priced(String... locations) {
        var set = Arrays.stream(locations)
                .map(location -> new Attribute(
                        new DefinitionName("retail.item.price"),
                        Optional.of(location).filter(text -> !text.isEmpty()).map(LocationId::new),
                        new Value.Money(1, "USD")))
                .toList();
        var tea = new ObjectToken("tea");
        return entry(1, "menu")
                .with(List.of(new ObjectChange(tea, new TypeName("retail.item"), false, set, List.of())));
    }

    private static Optional<LocationId> at(String location) {
        return Optional.of(new LocationId(location));
    }

    @Test
    void followersOfLocationsShareWhatIsTheSameForThem() {
        var written = new WrittenEntries(1 << 20);
        var global = priced("");
        assertThat(written.of(global, at("s1"))).isSameAs(written.of(global)).isSameAs(written.of(global, at("s2")));

        var own = priced("", "s1");
        var atFirst = written.of(own, at("s1"));
        var elsewhere = written.of(own, at("s2"));
        assertThat(atFirst).isSameAs(written.of(own, Optional.empty()));
        assertThat(elsewhere).isNotEqualTo(atFirst).isSameAs(written.of(own, at("s3")));

        var both = priced("", "s1", "s2");
        for (var location : List.of("s1", "s2", "s3")) {
            assertThat(written.of(both, at(location)))
                    .isSameAs(written.of(both, at(location)))
                    .isEqualTo(Json.bytes(LogJson.write(Scoped.entry(both, at(location)))));
        }
        assertThat(written.of(both)).isEqualTo(Json.bytes(LogJson.write(both)));
    }

    @Test
    void thoseThatNobodyAskedForLatelyAreForgotten() {
        var written = new WrittenEntries(10_000);
        var old = entry(1, "menu");
        var used = entry(2, "menu");
        var first = written.of(old);
        var second = written.of(used);
        for (var version = 3; version < 40; version++) {
            written.of(entry(version, "menu"));
            assertThat(written.of(used)).isSameAs(second);
        }
        assertThat(written.of(old)).isEqualTo(first).isNotSameAs(first);
    }

    @Test
    void oneThatIsLargerThanAllThatIsKeptIsWrittenToo() {
        var written = new WrittenEntries(1_000);
        var large = entry(1, "x".repeat(4_000));
        assertThat(written.of(large)).isEqualTo(Json.bytes(LogJson.write(large)));
        assertThat(written.of(large)).isEqualTo(Json.bytes(LogJson.write(large)));
    }

    @Test
    void manyAtOnceGetTheSame() {
        var written = new WrittenEntries(1 << 20);
        var entry = entry(1, "menu");
        var first = written.of(entry);
        assertThat(IntStream.range(0, 200).parallel().mapToObj(i -> written.of(entry)))
                .allSatisfy(bytes -> assertThat(bytes).isSameAs(first));
    }
}
