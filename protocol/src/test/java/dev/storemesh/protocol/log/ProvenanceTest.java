package dev.storemesh.protocol.log;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import dev.storemesh.protocol.value.StoreId;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

final class ProvenanceTest {
    private static final String APP = "com.acme.loyalty";
    private static final Provenance LOYALTY = Provenance.of("loyalty").withApp(APP, Optional.of("Zoë"));

    @Test
    void keepsWhomAnAppActsForWhateverElseIsSaid() {
        var all = LOYALTY.withStore(new StoreId("store-1"))
                .withKey(Optional.of("key"))
                .withReason(Optional.of("because"));
        assertThat(all)
                .isEqualTo(new Provenance(
                        "loyalty",
                        Optional.of(APP),
                        Optional.of("Zoë"),
                        Optional.of(new StoreId("store-1")),
                        Optional.of("key"),
                        Optional.of("because")));
    }

    @Test
    void onlyAnAppActsForSomebody() {
        assertThatIllegalArgumentException()
                .isThrownBy(() -> new Provenance(
                        "ann",
                        Optional.empty(),
                        Optional.of("ben"),
                        Optional.empty(),
                        Optional.empty(),
                        Optional.empty()))
                .withMessageContaining("actingFor");
    }

    @ParameterizedTest
    @ValueSource(strings = {"", " ", "a\nb", "a\u0000", "a\u007f", "a\u0085"})
    void aPersonIsNamedOnOneLine(String person) {
        assertThat(Provenance.namesPerson(person)).isFalse();
        assertThatIllegalArgumentException()
                .isThrownBy(() -> LOYALTY.withApp(APP, Optional.of(person)))
                .withMessageContaining("200 characters");
    }

    @Test
    void aPersonIsNamedWithinTwoHundredCharacters() {
        assertThat(Provenance.namesPerson("x".repeat(200))).isTrue();
        assertThat(Provenance.namesPerson("x".repeat(201))).isFalse();
    }
}
