package dev.storemesh.protocol.object;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.storemesh.protocol.log.Position;
import dev.storemesh.protocol.log.Provenance;
import dev.storemesh.protocol.log.Version;
import dev.storemesh.protocol.log.Written;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Test;

final class WrittenVersionsTest {
    private static final Instant NOON = Instant.parse("2026-01-31T12:00:00.123Z");
    private static final Provenance ANN = Provenance.of("ann").withReason(Optional.of("spring"));

    private static WrittenVersions of(long... numbers) {
        var versions = new WrittenVersions();
        for (var number : numbers) {
            versions.add(
                    new Version(number), new Written(NOON.plusMillis(number), ANN.withKey(Optional.of("k" + number))));
        }
        return versions;
    }

    @Test
    void knowsWhoWroteAVersionAndNothingOfOthers() {
        var versions = of(2, 5, 900);
        assertThat(versions.of(new Version(5))).contains(new Written(NOON.plusMillis(5), ANN));
        assertThat(versions.of(new Version(4))).isEmpty();
        assertThat(versions.of(new Version(901))).isEmpty();
    }

    @Test
    void holdsWhatRepeatsOnce() {
        var versions = of(1, 2);
        assertThat(who(versions, 1)).isSameAs(who(versions, 2));
        versions.add(
                new Version(3),
                new Written(NOON, Provenance.of(new String("ann".toCharArray())).withReason(Optional.of("other"))));
        assertThat(who(versions, 3).caller()).isSameAs(who(versions, 1).caller());
    }

    private static Provenance who(WrittenVersions versions, long version) {
        return versions.of(new Version(version)).map(Written::provenance).orElseThrow();
    }

    @Test
    void growsInOrderOnly() {
        var versions = of(7);
        assertThatThrownBy(() -> versions.add(new Version(7), new Written(NOON, ANN)))
                .isInstanceOf(IllegalArgumentException.class);
        assertThat(of(1, 2, 3).size()).isEqualTo(3);
        for (var number = 8; number < 1_000; number++) {
            versions.add(new Version(number), new Written(NOON.plusMillis(number), ANN));
        }
        assertThat(versions.of(new Version(999))).contains(new Written(NOON.plusMillis(999), ANN));
    }

    @Test
    void anImageStaysWhatItIsWhileThePartitionGoesOn() {
        var versions = of(1, 2);
        var image = new PartitionImage(new Position(2), List.of(), Map.of(), Optional.of(versions));
        versions.add(new Version(3), new Written(NOON, ANN));
        assertThat(image.written()).contains(of(1, 2)).hasValueSatisfying(frozen -> {
            assertThat(frozen).hasSameHashCodeAs(of(1, 2)).isNotEqualTo(versions);
            assertThatThrownBy(() -> frozen.add(new Version(4), new Written(NOON, ANN)))
                    .isInstanceOf(IllegalArgumentException.class);
        });
    }

    @Test
    void anImageThatLacksThemIsReadAnewFromTheLog() {
        var old = new PartitionImage(new Position(2), List.of(), Map.of(), Optional.empty());
        assertThat(PartitionContents.of(old).position()).isEqualTo(Position.START);
        assertThat(PartitionContents.of(old).image().written().orElseThrow().size())
                .isZero();
    }
}
