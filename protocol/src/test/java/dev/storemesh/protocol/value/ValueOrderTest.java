package dev.storemesh.protocol.value;

import static org.assertj.core.api.Assertions.assertThat;

import dev.storemesh.protocol.value.Value.Decimal;
import dev.storemesh.protocol.value.Value.Flag;
import dev.storemesh.protocol.value.Value.Moment;
import dev.storemesh.protocol.value.Value.Money;
import dev.storemesh.protocol.value.Value.Reference;
import dev.storemesh.protocol.value.Value.Text;
import dev.storemesh.protocol.value.Value.Whole;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;

final class ValueOrderTest {
    private static final List<Value> READ = List.of(
            new Text(""),
            new Text("Ahorn"),
            new Text("apfel"),
            new Text("Äpfel"),
            new Text("apfelmus"),
            new Text("Zebra"),
            new Whole(-3),
            new Whole(20),
            Decimal.parse("-1.5"),
            Decimal.parse("2"),
            Decimal.parse("10"),
            new Flag(false),
            new Flag(true),
            new Moment(Instant.parse("2026-01-31T08:00:00Z")),
            new Moment(Instant.parse("2026-01-31T08:00:01Z")),
            new Money(500, "EUR"),
            new Money(-1, "USD"),
            new Money(100, "USD"),
            new Reference(new ObjectToken("a")),
            new Reference(new ObjectToken("b")));

    @Test
    void listsAsPeopleRead() {
        var shuffled = new ArrayList<>(READ);
        Collections.shuffle(shuffled, new Random(1));
        shuffled.sort(ValueOrder.READING);
        assertThat(shuffled).isEqualTo(READ);
    }

    @Test
    void agreesWithEquality() {
        for (var order : ValueOrder.values()) {
            for (var left : READ) {
                for (var right : READ) {
                    assertThat(order.compare(left, right) == 0).isEqualTo(left.equals(right));
                    assertThat(Integer.signum(order.compare(left, right)))
                            .isEqualTo(-Integer.signum(order.compare(right, left)));
                }
            }
            assertThat(order.compare(Decimal.parse("2.50"), Decimal.parse("2.5")))
                    .isZero();
        }
    }

    @Test
    void takesFoldedTextAsItStands() {
        assertThat(ValueOrder.PLAIN.compare(new Text("Zebra"), new Text("apfel")))
                .isNegative();
        assertThat(ValueOrder.READING.compare(new Text("Zebra"), new Text("apfel")))
                .isPositive();
    }
}
