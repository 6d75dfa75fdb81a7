package dev.storemesh.protocol.object;

import static org.assertj.core.api.Assertions.assertThat;

import dev.storemesh.protocol.value.ObjectToken;
import dev.storemesh.protocol.value.TypeName;
import org.junit.jupiter.api.Test;

class ObjectTableTest {
    private static final TypeName ITEM = new TypeName("retail.item");

    @Test
    void findsEachObjectAndNoOther() {
        var table = new ObjectTable();
        for (var i = 0; i < 5_000; i++) {
            table.put(object("item-" + i));
            assertThat(table.find(key("item-" + (i + 1)))).isEmpty();
        }
        for (var i = 0; i < 5_000; i++) {
            assertThat(table.find(key("item-" + i))).contains(object("item-" + i));
        }
    }

    @Test
    void theLastOneOfATokenIsFound() {
        var table = new ObjectTable();
        var second = object("tea");
        table.put(object("tea"));
        table.put(second);
        assertThat(table.find(key("tea")).orElseThrow()).isSameAs(second);
    }

    @Test
    void tokensOfTheSameHashAreTold() {
        areTold("item-29849", "item-42028");
    }

    @Test
    void tokensOfTheSchemaAreTold() {
        areTold("sys.type.a", "sys.type.b");
    }

    private static void areTold(String one, String other) {
        var table = new ObjectTable();
        table.put(object(one));
        assertThat(key(one).hash()).isEqualTo(key(other).hash());
        assertThat(table.find(key(other))).isEmpty();
        table.put(object(other));
        assertThat(table.find(key(one))).contains(object(one));
        assertThat(table.find(key(other))).contains(object(other));
    }

    private static PageKey key(String token) {
        return PageKey.of(new ObjectToken(token));
    }

    private static VersionedObject object(String token) {
        return VersionedObject.unborn(new ObjectToken(token), ITEM);
    }
}
