package dev.storemesh.protocol.log;

import static org.assertj.core.api.Assertions.assertThat;

import dev.storemesh.protocol.schema.StandardSchema;
import dev.storemesh.protocol.value.ObjectToken;
import dev.storemesh.protocol.value.StoreId;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;

final class LogFilterTest {
    private static final Instant NOON = Instant.parse("2026-01-31T12:00:00Z");
    private static final ObjectToken TEA = new ObjectToken("tea");
    private static final LogEntry ENTRY = new LogEntry(
            new Version(7),
            NOON,
            Provenance.of("ann").withApp("com.acme.prices", Optional.of("Bea")).withStore(new StoreId("store-1")),
            ChainHash.of(new byte[32]),
            false,
            List.of(new ObjectChange(TEA, StandardSchema.ITEM, false, List.of(), List.of())));

    private static LogFilter with(String field, String value) {
        return new LogFilter(
                only(field, "caller", value),
                only(field, "app", value),
                only(field, "actingFor", value),
                only(field, "store", value).map(StoreId::new),
                only(field, "object", value).map(ObjectToken::new),
                only(field, "from", value).map(Instant::parse),
                only(field, "until", value).map(Instant::parse));
    }

    private static Optional<String> only(String field, String name, String value) {
        return field.equals(name) ? Optional.of(value) : Optional.empty();
    }

    @Test
    void wantsWhatHasAllThatIsAskedFor() {
        assertThat(LogFilter.ALL.wants(ENTRY)).isTrue();
        assertThat(with("caller", "ann").wants(ENTRY)).isTrue();
        assertThat(with("app", "com.acme.prices").wants(ENTRY)).isTrue();
        assertThat(with("actingFor", "Bea").wants(ENTRY)).isTrue();
        assertThat(with("store", "store-1").wants(ENTRY)).isTrue();
        assertThat(with("object", "tea").wants(ENTRY)).isTrue();
        assertThat(with("caller", "ben").wants(ENTRY)).isFalse();
        assertThat(with("app", "com.acme").wants(ENTRY)).isFalse();
        assertThat(with("actingFor", "ann").wants(ENTRY)).isFalse();
        assertThat(with("store", "store-2").wants(ENTRY)).isFalse();
        assertThat(with("object", "milk").wants(ENTRY)).isFalse();
    }

    @Test
    void aSpanHasItsFirstInstantAndNotItsLast() {
        assertThat(with("from", "2026-01-31T12:00:00Z").wants(ENTRY)).isTrue();
        assertThat(with("from", "2026-01-31T12:00:00.001Z").wants(ENTRY)).isFalse();
        assertThat(with("until", "2026-01-31T12:00:00Z").wants(ENTRY)).isFalse();
        assertThat(with("until", "2026-01-31T12:00:00Z").isPast(ENTRY)).isTrue();
        assertThat(with("until", "2026-01-31T12:00:00.001Z").wants(ENTRY)).isTrue();
    }
}
