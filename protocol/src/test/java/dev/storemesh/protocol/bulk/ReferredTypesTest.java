package dev.storemesh.protocol.bulk;

import static org.assertj.core.api.Assertions.assertThat;

import dev.storemesh.protocol.schema.Cardinality;
import dev.storemesh.protocol.schema.Definition;
import dev.storemesh.protocol.schema.Schema;
import dev.storemesh.protocol.value.DefinitionName;
import dev.storemesh.protocol.value.TypeName;
import dev.storemesh.protocol.value.ValueType;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

class ReferredTypesTest {
    /// `a>b`: objects of `t.a` refer to those of `t.b`.
    private static List<String> order(String... arrows) {
        var definitions = Stream.of(arrows)
                .map(arrow -> arrow.split(">", -1))
                .map(ends -> new Definition(
                        new DefinitionName("t." + ends[0] + ".to" + ends[1]),
                        Optional.of(new TypeName("t." + ends[0])),
                        ValueType.REFERENCE,
                        Cardinality.ONE,
                        false,
                        Optional.of(new TypeName("t." + ends[1])),
                        100))
                .toList();
        return ReferredTypes.inOrder(new Schema(List.of(), definitions, List.of(), List.of())).stream()
                .map(type -> type.text().substring(2))
                .toList();
    }

    @Test
    void eachComesAfterThoseItRefersTo() {
        assertThat(order("item>dept", "dept>area", "area>zone", "item>brand"))
                .containsExactly("brand", "zone", "area", "dept");
    }

    @Test
    void typesThatNobodyRefersToAreNotAmongThem() {
        assertThat(order("item>dept")).containsExactly("dept");
        assertThat(order()).isEmpty();
    }

    @Test
    void whereTypesReferToEachOtherNamesDecide() {
        assertThat(order("b>a", "a>b", "c>c")).containsExactly("c", "a", "b");
    }
}
