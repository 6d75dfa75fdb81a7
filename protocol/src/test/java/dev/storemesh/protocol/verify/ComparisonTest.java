package dev.storemesh.protocol.verify;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import dev.storemesh.protocol.json.Fields;
import dev.storemesh.protocol.json.Json;
import dev.storemesh.protocol.object.Digest.Place;
import dev.storemesh.protocol.object.Digest.Sum;
import dev.storemesh.protocol.object.DigestJson;
import dev.storemesh.protocol.value.LocationId;
import dev.storemesh.protocol.value.ObjectToken;
import dev.storemesh.protocol.verify.Verification.Difference;
import dev.storemesh.protocol.verify.Verification.Kind;
import java.nio.charset.StandardCharsets;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class ComparisonTest {
    private static final Place GLOBAL = new Place(0, Optional.empty());
    private static final Place HERE = new Place(0, Optional.of(new LocationId("store-1")));
    private static final Place LAST = new Place(63, Optional.empty());
    private static final Sum ONE = new Sum(1, 1, 1);
    private static final Sum OTHER = new Sum(1, 1, 2);

    private static ObjectToken token(String text) {
        return new ObjectToken(text);
    }

    @Test
    void namesTheBucketsThatDiffer() {
        assertThat(Comparison.buckets(Map.of(GLOBAL, ONE, HERE, ONE), Map.of(GLOBAL, ONE, HERE, ONE)))
                .isEmpty();
        assertThat(Comparison.buckets(Map.of(GLOBAL, ONE, HERE, ONE), Map.of(GLOBAL, ONE, HERE, OTHER)))
                .containsExactly(0);
        assertThat(Comparison.buckets(Map.of(GLOBAL, ONE), Map.of(LAST, ONE))).containsExactly(0, 63);
    }

    @Test
    void namesTheObjectsThatDifferAndHow() {
        var store = Map.of(
                token("milk"),
                Map.of(GLOBAL, ONE),
                token("tea"),
                Map.of(GLOBAL, ONE),
                token("rice"),
                Map.of(GLOBAL, ONE));
        var hq = Map.of(
                token("milk"),
                Map.of(GLOBAL, ONE),
                token("tea"),
                Map.of(GLOBAL, OTHER),
                token("salt"),
                Map.of(GLOBAL, ONE));
        assertThat(Comparison.objects(store, hq))
                .containsExactly(
                        new Difference(token("rice"), Kind.MISSING_AT_HQ),
                        new Difference(token("salt"), Kind.MISSING_AT_STORE),
                        new Difference(token("tea"), Kind.DIFFERS));
    }

    private static Fields fields(String json) {
        return Fields.of(Json.parse(json.replace('\'', '"').getBytes(StandardCharsets.UTF_8)));
    }

    @Test
    void readsSumsAsTheyAreTold() {
        var sum = "'rows':1,'sum':'" + ONE.hex() + "'";
        var told = fields("{'digests':[{'bucket':0," + sum + "},{'bucket':0,'location':'store-1'," + sum
                + "}],'objects':[{'object':'tea','digests':[{'bucket':0," + sum + "}]}]}");
        assertThat(DigestJson.read(told)).isEqualTo(Map.of(GLOBAL, ONE, HERE, ONE));
        assertThat(DigestJson.readObjects(told)).isEqualTo(Map.of(token("tea"), Map.of(GLOBAL, ONE)));
        assertThat(DigestJson.buckets("3,17")).containsExactlyInAnyOrder(3, 17);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "{}",
                "{'digests':[{'bucket':-1,'rows':1,'sum':'00000000000000010000000000000001'}]}",
                "{'digests':[{'bucket':4096,'rows':1,'sum':'00000000000000010000000000000001'}]}",
                "{'digests':[{'bucket':0,'rows':-1,'sum':'00000000000000010000000000000001'}]}",
                "{'digests':[{'bucket':0,'rows':1,'sum':'xyz'}]}"
            })
    void sumsThatAreNotOfTheFormAreRefused(String json) {
        assertThatIllegalArgumentException().isThrownBy(() -> DigestJson.read(fields(json)));
        assertThatIllegalArgumentException().isThrownBy(() -> DigestJson.readObjects(fields(json)));
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "a", "1,", "-1", "12345", "1 2"})
    void listsThatAreNotOfTheFormAreRefused(String text) {
        assertThatIllegalArgumentException().isThrownBy(() -> DigestJson.buckets(text));
    }
}
