package dev.storemesh.protocol.value;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatCode;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import dev.storemesh.protocol.change.RequestId;
import dev.storemesh.protocol.change.Status;
import dev.storemesh.protocol.log.ChainHash;
import dev.storemesh.protocol.log.HistoryId;
import dev.storemesh.protocol.log.Position;
import dev.storemesh.protocol.log.Version;
import dev.storemesh.protocol.write.IdempotencyKey;
import dev.storemesh.protocol.write.ObjectRef;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.List;
import java.util.SplittableRandom;
import java.util.function.Consumer;
import org.junit.jupiter.api.Test;

final class NamesTest {
    private static void takes(Consumer<String> constructor, String... texts) {
        for (var text : texts) {
            assertThatCode(() -> constructor.accept(text)).as(text).doesNotThrowAnyException();
        }
    }

    private static void refuses(Consumer<String> constructor, String... texts) {
        for (var text : texts) {
            assertThatIllegalArgumentException()
                    .as(text)
                    .isThrownBy(() -> constructor.accept(text))
                    .withMessageContaining("(expected: ");
        }
    }

    @Test
    void tokensStandUnescapedInUrls() {
        takes(ObjectToken::new, "a", "01JD0000000000000000000000", "A.b_c~d-9", ".", "x".repeat(64));
        refuses(ObjectToken::new, "", "x".repeat(65), "a b", "a/b", "a%20", "#a", "é", "a\n", "a\0", "\uD83D\uDE00");
        assertThat(new ObjectToken("sys.x").isReserved()).isTrue();
        assertThat(new ObjectToken("cr-x").isReserved()).isTrue();
        assertThat(new ObjectToken("system").isReserved()).isFalse();
        takes(LocationId::new, "store-1", "x".repeat(64));
        refuses(LocationId::new, "", "a b", "x".repeat(65));
    }

    @Test
    void namespacedNamesAreDottedParts() {
        takes(DefinitionName::new, "retail.item.price", "a.b", "com.acme.x_1.aB", "a." + "b".repeat(126));
        refuses(
                DefinitionName::new,
                "",
                "price",
                ".a.b",
                "a.b.",
                "a..b",
                "A.b",
                "a.1b",
                "a._b",
                "a.b-c",
                "a.é",
                "a. b",
                "a." + "b".repeat(127));
        takes(TypeName::new, "retail.item", "sys.change_request");
        refuses(TypeName::new, "item", "retail.Item");
        assertThat(new TypeName("sys.change_request").isBookkeeping()).isTrue();
        assertThat(new TypeName("system.item").isBookkeeping()).isFalse();
    }

    @Test
    void catalogsAndStoresHaveSmallNames() {
        takes(CatalogId::new, "demo", "0", "a_b-c", "x".repeat(63));
        refuses(CatalogId::new, "", "Demo", "_a", "-a", "a.b", "x".repeat(64));
        takes(StoreId::new, "store-1", "1", "x".repeat(40));
        refuses(StoreId::new, "", "-1", "Store", "a_b", "x".repeat(41));
        assertThat(new StoreId("x".repeat(40)).location()).isEqualTo(new LocationId("x".repeat(40)));
    }

    @Test
    void idsOfServersAreUlidsAndHashes() {
        takes(RequestId::new, "cr-01JD0000000000000000000000");
        refuses(RequestId::new, "", "01JD0000000000000000000000", "cr-", "cr-01jd0000000000000000000000");
        takes(HistoryId::new, "01JD0000000000000000000000");
        refuses(HistoryId::new, "", "01JD", "01JD0000000000000000000000\n");
        takes(ChainHash::new, "0".repeat(64), "f".repeat(64));
        refuses(ChainHash::new, "", "F".repeat(64), "0".repeat(63), "g".repeat(64));
    }

    @Test
    void keysArePrintableAscii() {
        takes(text -> new IdempotencyKey("c", text), "k", "!", "~", "k".repeat(200));
        refuses(text -> new IdempotencyKey("c", text), "", "k".repeat(201), "a\tb", "é", "\u007f");
    }

    @Test
    void temporaryNamesBeginWithASharp() {
        assertThat(ObjectRef.parse("#tea")).isEqualTo(new ObjectRef.Temporary("#tea"));
        assertThat(ObjectRef.parse("tea")).isEqualTo(new ObjectRef.Known(new ObjectToken("tea")));
        refuses(ObjectRef::parse, "#", "##", "# a", "");
        refuses(ObjectRef.Temporary::new, "tea");
    }

    @Test
    void statusesAreKnownByTheirWireNames() {
        for (var status : Status.values()) {
            assertThat(Status.parse(status.wireName())).isEqualTo(status);
        }
        refuses(Status::parse, "", "WAITING", "lost");
    }

    @Test
    void countersBeginAtNothing() {
        assertThatIllegalArgumentException().isThrownBy(() -> new Version(-1));
        assertThatIllegalArgumentException().isThrownBy(() -> new Position(-1));
        assertThat(Version.NONE.next()).isEqualTo(new Version(1)).isGreaterThan(Version.NONE);
        assertThat(Position.START.next()).isEqualTo(new Position(1)).isGreaterThan(Position.START);
    }

    @Test
    void complaintsAreShortAndCanAlwaysBeWritten() {
        for (var length = 75; length < 90; length++) {
            var bad = "é".repeat(length) + "\uD83D\uDE00".repeat(50);
            for (var constructor : List.<Consumer<String>>of(
                    ObjectToken::new,
                    CatalogId::new,
                    TypeName::new,
                    RequestId::new,
                    HistoryId::new,
                    ChainHash::new,
                    Value.Decimal::parse)) {
                assertThatIllegalArgumentException()
                        .isThrownBy(() -> constructor.accept(bad))
                        .satisfies(e -> assertThat(
                                        StandardCharsets.UTF_8.newEncoder().canEncode(String.valueOf(e.getMessage())))
                                .isTrue())
                        .satisfies(e -> assertThat(e.getMessage()).hasSizeLessThan(200));
            }
        }
    }

    @Test
    void ulidsMadeLaterSortLater() {
        var random = new SplittableRandom(7);
        var first = Ulid.make(Instant.parse("2026-01-31T12:00:00Z"), random);
        var second = Ulid.make(Instant.parse("2026-01-31T12:00:00.001Z"), random);
        assertThat(first).hasSize(26).matches("[0-7][0-9A-HJKMNP-TV-Z]{25}").isLessThan(second);
    }

    @Test
    void ulidsAreThoseOfTheirSpecification() {
        assertThat(Ulid.encode(0, 0)).isEqualTo("0".repeat(26));
        assertThat(Ulid.encode(-1, -1)).isEqualTo("7" + "Z".repeat(25));
        // github.com/ulid/spec: 1469918176385 ms begin with 01ARYZ6S41
        assertThat(Ulid.encode(1469918176385L << 16, 0)).startsWith("01ARYZ6S41");
        assertThat(Ulid.encode(0, 1)).endsWith("01");
        assertThat(Ulid.encode(1, 0)).isEqualTo("0".repeat(13) + "G" + "0".repeat(12));
    }
}
