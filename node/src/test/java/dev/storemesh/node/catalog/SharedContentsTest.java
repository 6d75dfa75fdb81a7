package dev.storemesh.node.catalog;

import static org.assertj.core.api.Assertions.assertThat;

import dev.storemesh.protocol.log.Position;
import dev.storemesh.protocol.object.PartitionContents;
import dev.storemesh.protocol.object.PartitionImage;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

@Timeout(30)
class SharedContentsTest {
    private static final Position BEYOND = Position.START.next();

    private final AtomicInteger left = new AtomicInteger();
    private final SharedContents shared = new SharedContents(
            left::incrementAndGet, new MemoryBudget("partitions", Long.MAX_VALUE).enter("demo", left::incrementAndGet));

    private static PartitionContents nothing() {
        return PartitionContents.of(PartitionImage.EMPTY);
    }

    @Test
    void areReadOnlyWhileTheyAreOpen() {
        assertThat(shared.read(Position.START, PartitionContents::position)).isEmpty();
        shared.open(nothing());
        assertThat(shared.read(Position.START, PartitionContents::position)).contains(Position.START);
        assertThat(shared.close()).isTrue();
        assertThat(shared.read(Position.START, PartitionContents::position)).isEmpty();
        shared.open(nothing());
        assertThat(shared.read(Position.START, PartitionContents::position)).contains(Position.START);
        assertThat(left).hasValue(0);
    }

    @Test
    void areNotReadWhereTheyAreBehind() {
        shared.open(nothing());
        assertThat(shared.read(BEYOND, PartitionContents::position)).isEmpty();
    }

    @Test
    void tellTheirOwnerWhenTheLastReaderHasLeft() throws ExecutionException, InterruptedException, TimeoutException {
        shared.open(nothing());
        try (var reader = new Reader(shared)) {
            assertThat(shared.close()).isFalse();
            assertThat(shared.close()).isFalse();
            assertThat(shared.read(Position.START, PartitionContents::position)).isEmpty();
            assertThat(left).hasValue(0);
            reader.leave();
        }
        assertThat(left).hasValue(1);
        assertThat(shared.close()).isTrue();
    }

    @Test
    void letReadersOfWhatWasThereBeforeGoOn() throws ExecutionException, InterruptedException, TimeoutException {
        shared.open(nothing());
        try (var reader = new Reader(shared)) {
            shared.open(nothing());
            assertThat(shared.read(Position.START, PartitionContents::position)).contains(Position.START);
            reader.leave();
        }
        assertThat(left).hasValue(0);
        assertThat(shared.close()).isTrue();
    }

    /// A thread that is in there until it is told to leave.
    private static final class Reader implements AutoCloseable {
        private final CompletableFuture<Boolean> in = new CompletableFuture<>();
        private final CompletableFuture<Boolean> out = new CompletableFuture<>();
        private final ExecutorService thread = Executors.newSingleThreadExecutor();
        private final Future<?> read;

        private Reader(SharedContents shared) {
            read = thread.submit(() -> shared.read(Position.START, contents -> {
                in.complete(true);
                return out.join();
            }));
            in.join();
        }

        private void leave() throws ExecutionException, InterruptedException, TimeoutException {
            out.complete(true);
            read.get(20, TimeUnit.SECONDS);
        }

        @Override
        public void close() {
            out.complete(true);
            thread.close();
        }
    }
}
