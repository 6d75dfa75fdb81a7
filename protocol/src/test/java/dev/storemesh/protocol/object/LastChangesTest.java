package dev.storemesh.protocol.object;

import static org.assertj.core.api.Assertions.assertThat;

import dev.storemesh.protocol.Seeds;
import dev.storemesh.protocol.log.Version;
import dev.storemesh.protocol.value.ObjectToken;
import java.util.HashMap;
import java.util.LinkedHashSet;
import java.util.SplittableRandom;
import java.util.stream.Collectors;

class LastChangesTest {
    @Seeds(50)
    void whatChangedAfterAVersionIsThereAndLittleElse(long seed) {
        var random = new SplittableRandom(seed);
        var changes = new LastChanges();
        var last = new HashMap<PageKey, Long>();
        for (var version = 1L; version < 400; version++) {
            for (var i = random.nextInt(3); i >= 0; i--) {
                var key = PageKey.of(new ObjectToken("item-" + random.nextInt(60)));
                changes.add(new Version(version), key);
                last.put(key, version);
            }
            if (random.nextInt(10) == 0) {
                changes.keep((at, key) -> last.getOrDefault(key, 0L) == at);
                assertThat(changes.size()).isLessThan(2 * last.size() + 3);
            }
            var since = random.nextLong(version + 1);
            var current = new LinkedHashSet<>(changes.after(new Version(since)));
            assertThat(current)
                    .isEqualTo(last.entrySet().stream()
                            .filter(entry -> entry.getValue() > since)
                            .map(entry -> entry.getKey())
                            .collect(Collectors.toSet()));
        }
    }

    @Seeds(20)
    void theyMayComeInAnyOrder(long seed) {
        var random = new SplittableRandom(seed);
        var changes = new LastChanges();
        var all = new HashMap<PageKey, Long>();
        for (var i = 0; i < 100; i++) {
            var key = PageKey.of(new ObjectToken("item-" + i));
            var version = random.nextLong(50);
            changes.add(new Version(version), key);
            all.put(key, version);
        }
        for (var since = 0L; since < 50; since++) {
            var after = since;
            assertThat(changes.after(new Version(since)))
                    .containsExactlyInAnyOrderElementsOf(all.keySet().stream()
                            .filter(key -> all.getOrDefault(key, 0L) > after)
                            .toList());
        }
    }
}
