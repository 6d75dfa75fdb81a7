package dev.storemesh.protocol.replica;

import static dev.storemesh.protocol.Samples.NOON;
import static dev.storemesh.protocol.Samples.item;
import static org.assertj.core.api.Assertions.assertThat;

import dev.storemesh.protocol.change.QueuedRequest;
import dev.storemesh.protocol.change.RequestId;
import dev.storemesh.protocol.log.Provenance;
import dev.storemesh.protocol.log.Version;
import dev.storemesh.protocol.value.ObjectToken;
import dev.storemesh.protocol.write.IdempotencyKey;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Random;
import java.util.Set;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;

/// A queue that grows by one is the queue that is made of all at once, and costs the same however long it is.
final class RequestQueueTest {
    private static RequestId id(long number) {
        return RequestId.ofUlid("%026d".formatted(number));
    }

    private static QueuedRequest request(long number, Instant at) {
        return new QueuedRequest(
                id(number),
                number,
                new Version(1),
                List.of(item("item-" + number)),
                Provenance.of("clerk").withKey(Optional.of("key-" + number)),
                "",
                Map.of(),
                at);
    }

    @Test
    void whateverComesAndGoesTheQueueIsTheOneOfWhatIsLeft() {
        var seed = Long.getLong("storemesh.seed", System.nanoTime());
        System.out.println("RequestQueueTest: seed " + seed);
        var random = new Random(seed);
        var left = new ArrayList<QueuedRequest>();
        var queue = RequestQueue.EMPTY;
        var last = 0L;
        for (var step = 0; step < 2_000; step++) {
            if (random.nextInt(5) > 0) {
                var request = request(++last, NOON);
                queue = queue.plus(request);
                left.add(request);
            } else {
                var from = random.nextInt(3);
                var gone = left.stream().skip(from).limit(random.nextInt(20)).toList();
                queue = queue.recorded(tokens(gone));
                left.removeAll(gone);
            }
        }
        assertThat(queue.unrecorded()).isEqualTo(left);
        assertThat(queue.size()).isEqualTo(left.size());
        assertThat(queue.weight())
                .isEqualTo(left.stream().mapToLong(QueuedRequest::weight).sum());
        assertThat(queue).isEqualTo(new RequestQueue(left, 0, last, queue.answers()));
        assertThat(queue.answers()).hasSize((int) last);
        var sample = left.get(left.size() / 2);
        assertThat(queue.find(sample.id())).contains(sample);
        assertThat(queue.making(new ObjectToken("item-" + sample.sequence()))).isPresent();
        assertThat(queue.next(sample.sequence() - 1, 1)).containsExactly(sample);
    }

    private static Set<ObjectToken> tokens(List<QueuedRequest> requests) {
        return requests.stream().map(request -> request.id().token()).collect(Collectors.toSet());
    }

    /// A list that is copied for each would be copied five thousand million times here.
    @Test
    void aHundredThousandAreQueuedInSecondsAndFound() {
        var begun = System.nanoTime();
        var queue = RequestQueue.EMPTY;
        for (var number = 1; number <= 100_000; number++) {
            queue = queue.plus(request(number, NOON));
        }
        assertThat(queue.size()).isEqualTo(100_000);
        assertThat(queue.next(99_990, 100)).hasSize(10);
        assertThat(queue.answer(new IdempotencyKey("clerk", "key-77777"), NOON)).isPresent();
        assertThat(Duration.ofNanos(System.nanoTime() - begun)).isLessThan(Duration.ofSeconds(30));
    }

    @Test
    void answersOfRecordedRequestsAreForgottenInTime() {
        var queue = RequestQueue.EMPTY;
        for (var number = 1; number <= 3_000; number++) {
            queue = queue.plus(request(number, NOON));
        }
        queue = queue.recorded(tokens(queue.unrecorded().subList(0, 2_000)));
        var later = NOON.plus(RequestQueue.KEPT).plusSeconds(1);
        for (var number = 3_001; number <= 13_000; number++) {
            queue = queue.plus(request(number, later));
        }
        assertThat(queue.answers()).hasSizeBetween(11_000, 11_200);
        assertThat(queue.answer(new IdempotencyKey("clerk", "key-1000"), later)).isEmpty();
        assertThat(queue.answer(new IdempotencyKey("clerk", "key-2500"), later)).isPresent(); // HQ has not recorded it
    }

    @Test
    void aMapSharesWhatItDoesNotChange() {
        var seed = Long.getLong("storemesh.seed", System.nanoTime());
        System.out.println("RequestQueueTest: seed " + seed);
        var random = new Random(seed);
        var known = new HashMap<Integer, Integer>();
        var map = PersistentMap.<Integer, Integer>of(Map.of());
        for (var step = 0; step < 20_000; step++) {
            var key = random.nextInt(3_000);
            if (random.nextBoolean()) {
                map = map.with(key, step, (other, value) -> false);
                known.put(key, step);
            } else {
                map = map.without(key);
                known.remove(key);
            }
        }
        assertThat(map.toMap()).isEqualTo(known);
        assertThat(map.size()).isEqualTo(known.size());
        assertThat(map).isEqualTo(PersistentMap.of(known)).hasSameHashCodeAs(PersistentMap.of(known));
    }
}
