package dev.storemesh.protocol.object;

import static dev.storemesh.protocol.Samples.NAME;
import static dev.storemesh.protocol.Samples.change;
import static dev.storemesh.protocol.Samples.delete;
import static dev.storemesh.protocol.Samples.item;
import static dev.storemesh.protocol.Samples.set;
import static dev.storemesh.protocol.Samples.text;
import static org.assertj.core.api.Assertions.assertThat;

import dev.storemesh.protocol.CatalogBench;
import dev.storemesh.protocol.Seeds;
import dev.storemesh.protocol.catalog.Answer;
import dev.storemesh.protocol.catalog.CatalogCommand.Commit;
import dev.storemesh.protocol.catalog.CatalogCommand.Open;
import dev.storemesh.protocol.catalog.CatalogCommand.RollBack;
import dev.storemesh.protocol.catalog.CatalogCommand.Step;
import dev.storemesh.protocol.log.LockToken;
import dev.storemesh.protocol.log.Provenance;
import dev.storemesh.protocol.log.Version;
import dev.storemesh.protocol.value.ObjectToken;
import dev.storemesh.protocol.write.IdempotencyKey;
import dev.storemesh.protocol.write.Operation;
import dev.storemesh.protocol.write.Remembered;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collections;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.SplittableRandom;
import java.util.stream.IntStream;
import java.util.stream.Stream;

/// Partitions that begin with parts of another one's image, beside the one that keeps everything, and beside those
/// that read the log alone.
final class SplitImageTest {
    private static final int WRITES = 120;
    private static final int TOKENS = 100;

    private final CatalogBench bench = CatalogBench.made();
    private Optional<LockToken> lock = Optional.empty();
    private int locks;
    private int keys;

    private void writeSomething(SplittableRandom random) {
        var kind = random.nextInt(12);
        if (kind == 0 && lock.isEmpty()) {
            var opened = (Answer.Opened) bench.run(new Open(
                    String.format("%032x", ++locks),
                    Provenance.of("editor"),
                    "",
                    Duration.ofMinutes(1),
                    Duration.ofHours(1),
                    1 << 20,
                    Optional.empty()));
            lock = Optional.of(opened.lock());
        } else if (kind == 1 && lock.isPresent()) {
            bench.run(random.nextBoolean() ? new Commit(lock.get()) : new RollBack(lock.get()));
            lock = Optional.empty();
        } else {
            var operations = operations(random);
            var submit = random.nextInt(3) == 0
                    ? bench.keyed("editor", "key-" + ++keys, operations)
                    : bench.submit(Provenance.of("editor"), "", operations);
            bench.run(lock.isPresent() ? new Step(lock.get(), submit) : submit);
        }
    }

    private Operation[] operations(SplittableRandom random) {
        var operations = new ArrayList<Operation>();
        random.ints(1 + random.nextInt(4), 0, TOKENS).distinct().forEach(number -> {
            var token = "item-" + number;
            var state = bench.partition()
                    .objectsAt(lock.map(LockToken::version).orElse(bench.head()))
                    .find(new ObjectToken(token));
            var name = set(NAME, text("name " + random.nextInt(1_000)));
            if (state.isEmpty()) {
                operations.add(item(token, name));
            } else if (state.get().isLive()) {
                operations.add(random.nextInt(6) == 0 ? delete(token) : change(token, name));
            }
        });
        return operations.isEmpty() ? operations(random) : operations.toArray(Operation[]::new);
    }

    private static List<HashRange> ranges(int count) {
        return IntStream.range(0, count)
                .mapToObj(number -> new HashRange(number, count))
                .toList();
    }

    @Seeds(20)
    void losesAndDoublesNothing(long seed) {
        var random = new SplittableRandom(seed);
        var staged = 0;
        for (var i = 0; i < WRITES; i++) {
            writeSomething(random);
            var image = bench.partition().image();
            staged += image.staged().isPresent() ? 1 : 0;
            var halves = ranges(2).stream().map(image::within).toList();
            var quarters = ranges(4).stream()
                    .map(range -> halves.get(range.number() / 2).within(range))
                    .toList();
            assertSameAs(image, halves);
            assertSameAs(image, quarters);
            assertThat(quarters).isEqualTo(ranges(4).stream().map(image::within).toList());
        }
        assertThat(staged).isPositive();
    }

    private static void assertSameAs(PartitionImage whole, List<PartitionImage> parts) {
        assertThat(parts).extracting(PartitionImage::position).containsOnly(whole.position());
        assertThat(parts.stream().flatMap(part -> part.objects().stream()).toList())
                .isEqualTo(whole.objects()); // in order
        assertThat(all(parts.stream().map(PartitionImage::answers))).isEqualTo(whole.answers());
        var steps = parts.stream().flatMap(part -> part.staged().stream()).toList();
        whole.staged()
                .ifPresentOrElse(
                        all -> assertSameSteps(all, steps),
                        () -> assertThat(steps).isEmpty());
        var writers = new HashMap<Version, Object>();
        parts.forEach(part -> part.written().orElseThrow().forEach(writers::put));
        whole.written()
                .orElseThrow()
                .forEach((version, written) ->
                        assertThat(writers.getOrDefault(version, written)).isEqualTo(written));
    }

    private static void assertSameSteps(StagedImage whole, List<StagedImage> parts) {
        assertThat(parts.stream().flatMap(part -> part.objects().stream()).toList())
                .isEqualTo(whole.objects());
        assertThat(parts).allSatisfy(part -> assertThat(part.version()).isEqualTo(whole.version()));
        assertThat(all(parts.stream().map(StagedImage::answers))).isEqualTo(whole.answers());
        assertThat(parts.stream().mapToInt(part -> part.beforeDeletion().size()).sum())
                .isEqualTo(whole.beforeDeletion().size());
    }

    private static Map<IdempotencyKey, Remembered> all(Stream<Map<IdempotencyKey, Remembered>> parts) {
        var all = new HashMap<IdempotencyKey, Remembered>();
        parts.forEach(part -> {
            assertThat(Collections.disjoint(part.keySet(), all.keySet())).isTrue();
            all.putAll(part);
        });
        return all;
    }

    @Seeds(20)
    void goesOnAsThoseThatReadTheLogAlone(long seed) {
        var random = new SplittableRandom(seed);
        var begun = random.nextInt(WRITES);
        IntStream.range(0, begun).forEach(i -> writeSomething(random));
        var parts = ranges(4).stream()
                .map(range -> PartitionContents.of(range, bench.partition().image()))
                .toList();
        var alone = ranges(4).stream()
                .map(range -> PartitionContents.of(range, PartitionImage.EMPTY))
                .toList();
        IntStream.range(begun, WRITES).forEach(i -> writeSomething(random));
        for (var row : bench.rows()) {
            var own = row.divided(4);
            assertThat(own).isEqualTo(ranges(4).stream().map(row::within).toList());
            for (var number = 0; number < 4; number++) {
                parts.get(number).apply(own.get(number));
                alone.get(number).apply(row);
            }
        }
        var whole = bench.partition().image();
        assertSameAs(whole, parts.stream().map(PartitionContents::image).toList());
        assertSameAs(whole, alone.stream().map(PartitionContents::image).toList());
        assertThat(parts.stream().mapToLong(PartitionContents::size).sum())
                .isEqualTo(bench.partition().size())
                .isEqualTo(alone.stream().mapToLong(PartitionContents::size).sum());
        for (var object : whole.objects()) {
            var query = new ObjectHistory.Query(
                    Optional.empty(), Scope.all(), bench.head(), Optional.empty(), Integer.MAX_VALUE - 1);
            var number = HashRange.numberOf(object.key().hash(), 4);
            assertThat(parts.get(number).history(object.token(), query))
                    .isEqualTo(bench.partition().history(object.token(), query))
                    .isEqualTo(alone.get(number).history(object.token(), query));
        }
    }
}
