package dev.storemesh.node.catalog;

import dev.storemesh.protocol.log.Position;
import dev.storemesh.protocol.object.PartitionContents;
import dev.storemesh.protocol.object.PartitionImage;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Function;

/// What a partition holds, read in place by any thread while its owner does not change it. Nobody waits for
/// anybody: a reader who comes while the owner changes it is turned away, and asks the owner; and an owner who
/// finds readers in there is told when the last of them has left. While it waits for that no more readers get in.
final class SharedContents {
    private static final int CLOSED = Integer.MIN_VALUE; // a bit of the state; the others count the readers

    private final AtomicInteger state = new AtomicInteger(CLOSED);
    private final Runnable left;
    private final MemoryBudget.Resident memory;
    private volatile PartitionContents contents = PartitionContents.of(PartitionImage.EMPTY); // others after a restart

    /// @param left called by the last reader that leaves closed contents, in its thread
    /// @param memory is told of each use
    SharedContents(Runnable left, MemoryBudget.Resident memory) {
        this.left = left;
        this.memory = memory;
    }

    /// What they say, if they are open and up to `needed`, and not a copy that took the place of those then. What
    /// `read` gives must not depend on them any more.
    <T> Optional<T> read(Position needed, Function<PartitionContents, T> read) {
        if (!enter()) {
            return Optional.empty();
        }
        try {
            var held = contents; // one look: a restart of the owner may put others in their place meanwhile
            return needed.isAfter(held.position()) || held.isOfAnotherCopy(needed)
                    ? Optional.empty()
                    : Optional.of(used(held, read.apply(held)));
        } finally {
            leave();
        }
    }

    /// A read may have built an index.
    private <T> T used(PartitionContents held, T answer) {
        memory.holds(held.heapBytes());
        return answer;
    }

    private boolean enter() {
        for (var readers = state.get(); readers >= 0; readers = state.get()) {
            if (state.compareAndSet(readers, readers + 1)) {
                return true;
            }
        }
        return false;
    }

    private void leave() {
        if (state.decrementAndGet() == CLOSED) {
            left.run();
        }
    }

    /// From now on these are read. By the owner.
    void open(PartitionContents newest) {
        contents = newest;
        memory.holds(newest.heapBytes());
        state.updateAndGet(readers -> readers & ~CLOSED);
    }

    /// Lets no more readers in. By the owner, who may change the contents when this is true; else when `left` is
    /// called.
    boolean close() {
        return state.updateAndGet(readers -> readers | CLOSED) == CLOSED;
    }
}
