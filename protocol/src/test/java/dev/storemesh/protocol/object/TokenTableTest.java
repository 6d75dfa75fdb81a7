package dev.storemesh.protocol.object;

import static org.assertj.core.api.Assertions.assertThat;

import dev.storemesh.protocol.value.ObjectToken;
import dev.storemesh.protocol.value.TypeName;
import org.junit.jupiter.api.Test;

class TokenTableTest {
    private static final TypeName ITEM = new TypeName("retail.item");

    @Test
    void findsEachObjectAndNoOther() {
        var table = new TokenTable();
        for (var i = 0; i < 5_000; i++) {
            table.put(object("item-" + i));
            assertThat(table.find(new ObjectToken("item-" + (i + 1)))).isEmpty();
        }
        for (var i = 0; i < 5_000; i++) {
            assertThat(table.find(new ObjectToken("item-" + i))).contains(object("item-" + i));
        }
    }

    @Test
    void theLastOneOfATokenIsFound() {
        var table = new TokenTable();
        var second = object("tea");
        table.put(object("tea"));
        table.put(second);
        assertThat(table.find(new ObjectToken("tea")).orElseThrow()).isSameAs(second);
    }

    @Test
    void tokensOfTheSameHashAreTold() {
        var table = new TokenTable();
        table.put(object("Aa"));
        assertThat("Aa".hashCode()).isEqualTo("BB".hashCode());
        assertThat(table.find(new ObjectToken("BB"))).isEmpty();
        table.put(object("BB"));
        assertThat(table.find(new ObjectToken("Aa"))).contains(object("Aa"));
        assertThat(table.find(new ObjectToken("BB"))).contains(object("BB"));
    }

    private static VersionedObject object(String token) {
        return VersionedObject.unborn(new ObjectToken(token), ITEM);
    }
}
