package dev.storemesh.protocol.value;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

final class NamespacesTest {
    private static final AppName LOYALTY = new AppName("com.acme.loyalty");
    private static final AppName PRICES = new AppName("com.acme.prices");
    private static final Namespaces CLAIMED = Namespaces.NONE
            .with(new Namespace("com.acme.loyalty"), LOYALTY)
            .with(new Namespace("com.acme.prices"), PRICES);

    @ParameterizedTest
    @CsvSource({
        "com.acme, com.acme, true",
        "com.acme, com.acme.points, true",
        "com.acme, com.acme.loyalty.tier, true",
        "com.acme, com.ACME.points, true",
        "com.aCME, com.acme, true",
        "com.acme, com.acmed, false",
        "com.acme, com.acmed.points, false",
        "com.acme, com, false",
        "com.acme, com.acm, false",
        "com.acme, org.com.acme, false"
    })
    void holdsItselfAndWhatLiesInItOnWholeParts(String namespace, String name, boolean holds) {
        assertThat(new Namespace(namespace).contains(name)).isEqualTo(holds);
    }

    @Test
    void overlappingGoesBothWays() {
        var outer = new Namespace("com.acme");
        var inner = new Namespace("com.aCME.loyalty");
        assertThat(outer.overlaps(inner)).isTrue();
        assertThat(inner.overlaps(outer)).isTrue();
        assertThat(outer.overlaps(outer)).isTrue();
        assertThat(inner.overlaps(new Namespace("com.acme.loyaltyCards"))).isFalse();
    }

    @ParameterizedTest
    @ValueSource(
            strings = {"", "com", "com.", ".com", "com..acme", "Com.acme", "com.1acme", "com.acme-loyalty", "com.ä"})
    void refusesWhatIsNoDottedName(String text) {
        assertThatIllegalArgumentException()
                .isThrownBy(() -> new Namespace(text))
                .withMessageStartingWith("namespace: ");
        assertThatIllegalArgumentException().isThrownBy(() -> new AppName(text)).withMessageStartingWith("app: ");
    }

    @Test
    void namesTheOwnerOfWhateverLiesInAClaim() {
        assertThat(CLAIMED.ownerOf("com.acme.loyalty.points")).contains(LOYALTY);
        assertThat(CLAIMED.ownerOf("com.ACME.Loyalty")).contains(LOYALTY);
        assertThat(CLAIMED.ownerOf("com.acme.prices.a.b")).contains(PRICES);
        assertThat(CLAIMED.ownerOf("com.acme.loyaltyCards.x")).isEmpty();
        assertThat(CLAIMED.ownerOf("com.acme")).isEmpty();
        assertThat(CLAIMED.ownerOf("retail.item.price")).isEmpty();
        assertThat(Namespaces.NONE.ownerOf("com.acme.loyalty.points")).isEmpty();
    }

    @Test
    void theLongestClaimNamesTheOwner() { // no two apps' claims overlap, so this matters to nobody but ourselves
        var nested = new Namespaces(Map.of(
                new Namespace("com.acme"), PRICES,
                new Namespace("com.acme.loyalty"), LOYALTY));
        assertThat(nested.ownerOf("com.acme.loyalty.points")).contains(LOYALTY);
        assertThat(nested.ownerOf("com.acme.points")).contains(PRICES);
    }
}
