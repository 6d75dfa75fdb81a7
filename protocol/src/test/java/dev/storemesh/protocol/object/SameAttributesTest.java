package dev.storemesh.protocol.object;

import static org.assertj.core.api.Assertions.assertThat;

import dev.storemesh.protocol.value.Attribute;
import dev.storemesh.protocol.value.DefinitionName;
import dev.storemesh.protocol.value.LocationId;
import dev.storemesh.protocol.value.ObjectToken;
import dev.storemesh.protocol.value.Value;
import java.math.BigDecimal;
import java.util.Optional;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

class SameAttributesTest {
    private static final ObjectToken TEA = new ObjectToken("tea");

    private final SameAttributes same = new SameAttributes(token -> token.equals(TEA) ? TEA : token);

    private static Attribute attribute(String name, Value value) {
        return new Attribute(new DefinitionName(name), Optional.of(new LocationId("store-1")), value);
    }

    private static Attribute brand(int number) {
        return attribute("retail.item.brand", new Value.Text("Brand " + number));
    }

    @Test
    void whatRepeatsIsHeldOnce() {
        var first = same.of(brand(1));
        assertThat(same.of(brand(1))).isSameAs(first).isEqualTo(brand(1));
        assertThat(same.of(brand(2))).isEqualTo(brand(2));
        assertThat(same.of(attribute("retail.item.note", new Value.Text("Brand 1"))))
                .isEqualTo(attribute("retail.item.note", new Value.Text("Brand 1")));
    }

    @Test
    @SuppressWarnings("ReferenceEquality") // that is what is asked
    void manyThatRepeatAreHeldOnceMostly() {
        for (var i = 0; i < 20_000; i++) {
            same.of(brand(i % 1_000));
        }
        var before = IntStream.range(0, 1_000).mapToObj(i -> same.of(brand(i))).toList();
        var held = IntStream.range(0, 1_000)
                .filter(i -> before.get(i) == same.of(brand(i)))
                .count();
        assertThat(held).isGreaterThan(900);
    }

    @Test
    void whatNeverRepeatsComesBackAsItWasAndIsNotKept() {
        for (var i = 0; i < 20_000; i++) {
            assertThat(same.of(brand(i))).isEqualTo(brand(i));
        }
        assertThat(same.of(brand(19_999))).isNotSameAs(same.of(brand(19_999)));
    }

    @Test
    void decimalsThatAreEqualKeepTheirDigits() {
        var brief = same.of(attribute("retail.item.weight", new Value.Decimal(new BigDecimal("12.5"))));
        var exact = same.of(attribute("retail.item.weight", new Value.Decimal(new BigDecimal("12.50"))));
        assertThat(exact).isEqualTo(brief);
        assertThat(exact.value().literal()).isNotEqualTo(brief.value().literal());
    }

    @Test
    void namesAndTokensAreHeldOnce() {
        var one = same.of(attribute("retail.item.department", new Value.Reference(new ObjectToken("tea"))));
        var other = same.of(attribute("retail.item.department", new Value.Decimal(BigDecimal.ONE)));
        assertThat(other.definition()).isSameAs(one.definition());
        assertThat(other.location()).isSameAs(one.location());
        assertThat(one.value())
                .isInstanceOfSatisfying(
                        Value.Reference.class,
                        reference -> assertThat(reference.target()).isSameAs(TEA));
    }
}
