package dev.storemesh.protocol.object;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import dev.storemesh.protocol.log.Row;
import dev.storemesh.protocol.log.Version;
import dev.storemesh.protocol.schema.StandardSchema;
import dev.storemesh.protocol.value.Attribute;
import dev.storemesh.protocol.value.LocationId;
import dev.storemesh.protocol.value.ObjectToken;
import dev.storemesh.protocol.value.Value;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Optional;
import java.util.Random;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

final class DigestTest {
    private static final Optional<LocationId> STORE = Optional.of(new LocationId("store-1"));

    private static ObjectView.Live item(String token, Row... rows) {
        return new ObjectView.Live(new ObjectToken(token), StandardSchema.ITEM, new Version(9), List.of(rows));
    }

    private static Row row(Optional<LocationId> location, Value value, long version) {
        return new Row(
                new Attribute(StandardSchema.name(StandardSchema.ITEM, "note"), location, value), new Version(version));
    }

    private static Row row(String text) {
        return row(Optional.empty(), new Value.Text(text), 1);
    }

    private static List<String> digest(int buckets, List<ObjectView.Live> objects) {
        var digest = new Digest(buckets);
        objects.forEach(digest::add);
        var lines = new ArrayList<String>();
        digest.forEach((place, sum) -> lines.add(place.bucket()
                + place.location().map(location -> " " + location).orElse("") + ": " + sum.rows() + " " + sum.hex()));
        return lines;
    }

    private static List<String> of(ObjectView.Live... objects) {
        return digest(1, List.of(objects));
    }

    @Test
    void isTheSameInEveryOrder() {
        var objects = IntStream.range(0, 200)
                .mapToObj(number -> item("item-" + number, row("note " + number)))
                .toList();
        var shuffled = new ArrayList<>(objects);
        Collections.shuffle(shuffled, new Random(1));
        assertThat(digest(16, shuffled)).isEqualTo(digest(16, objects)).hasSize(16);
    }

    @Test
    void differsInWhateverOneObjectDiffers() {
        var seen = List.of(
                of(),
                of(item("tea")),
                of(item("milk")),
                of(item("tea", row("a"))),
                of(item("tea", row("b"))),
                of(item("tea", row(Optional.empty(), new Value.Text("a"), 2))),
                of(item("tea", row(Optional.empty(), new Value.Flag(true), 1))),
                of(item("tea", row(STORE, new Value.Text("a"), 1))),
                of(item("tea", row("a"), row("b"))),
                of(item("tea", row("a")), item("milk")));
        assertThat(seen).doesNotHaveDuplicates();
    }

    @Test
    void rowsOfALocationStandByThemselves() {
        var lines = of(item("tea", row("a"), row(STORE, new Value.Text("b"), 1)));
        assertThat(lines).hasSize(2);
        assertThat(lines.getFirst()).startsWith("0: 2 ");
        assertThat(lines.getLast()).startsWith("0 store-1: 1 ");
    }

    /// Sites of different versions of the program compare these.
    @Test
    void staysWhatItIs() {
        assertThat(of(item("tea", row("green"))).getFirst()).isEqualTo("0: 2 97a4e6243fe68d654f261366877791d4");
    }

    @Test
    void aDifferenceShowsInItsOwnBucketAlone() {
        var before = IntStream.range(0, 100)
                .mapToObj(number -> item("item-" + number, row("a")))
                .toList();
        var after = new ArrayList<>(before);
        after.set(17, item("item-17", row("b")));
        var differing = new ArrayList<>(digest(64, after));
        differing.removeAll(digest(64, before));
        assertThat(differing).hasSize(1);
    }

    @Test
    void bucketsAreAPowerOfTwo() {
        for (var wrong : List.of(0, -1, 3, 8_192)) {
            assertThatIllegalArgumentException()
                    .isThrownBy(() -> new Digest(wrong))
                    .withMessageContaining("power of two");
        }
    }
}
