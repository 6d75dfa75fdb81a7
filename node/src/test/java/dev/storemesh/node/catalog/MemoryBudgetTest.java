package dev.storemesh.node.catalog;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/// Who is asked to leave, and when.
@Timeout(30)
class MemoryBudgetTest {
    private static final long MIB = 1 << 20;

    private final MemoryBudget budget = new MemoryBudget("partitions", 10 * MIB);
    private final List<String> leaving = new ArrayList<>();
    private final Map<String, MemoryBudget.Resident> residents = new HashMap<>();

    private MemoryBudget.Resident enter(String name, long bytes) {
        var resident = budget.enter(name, () -> leaving.add(name));
        residents.put(name, resident);
        resident.holds(bytes);
        return resident;
    }

    private MemoryBudget.Resident resident(String name) {
        return residents.computeIfAbsent(name, unknown -> {
            throw new AssertionError(unknown);
        });
    }

    private void leave() {
        leaving.forEach(name -> resident(name).left());
        leaving.clear();
    }

    @Test
    void nobodyLeavesWhileThereIsRoom() {
        enter("a", 4 * MIB);
        enter("b", 4 * MIB);
        assertThat(leaving).isEmpty();
        assertThat(budget.held()).isBetween(8 * MIB, 9 * MIB);
        assertThat(budget.room()).isCompleted();
    }

    @Test
    void theLeastRecentlyUsedLeave() {
        enter("a", 3 * MIB);
        enter("b", 3 * MIB);
        enter("c", 3 * MIB);
        resident("a").holds(3 * MIB);
        enter("d", 3 * MIB);
        assertThat(leaving).containsExactly("b");
        leave();
        resident("a").holds(3 * MIB);
        enter("e", 3 * MIB);
        assertThat(leaving).containsExactly("c");
    }

    @Test
    void whoBringsMoreWaitsForThoseThatLeave() {
        enter("a", 6 * MIB);
        enter("b", 6 * MIB);
        assertThat(leaving).containsExactly("a");
        var room = budget.room().toCompletableFuture();
        assertThat(room).isNotDone();
        leave();
        assertThat(room.join()).isNotNull();
        assertThat(budget.held()).isLessThan(7 * MIB);
    }

    @Test
    void whoGaveUpWaitingForRoomIsForgotten() {
        enter("a", 6 * MIB);
        enter("b", 6 * MIB); // "a" is asked to leave, and never does
        var room = budget.room().toCompletableFuture();
        assertThat(budget.waiting()).isOne();
        assertThat(room.join()).isNotNull();
        assertThat(budget.waiting()).isZero();
    }

    @Test
    void nobodyWaitsForOneThatStays() {
        var first = enter("a", 6 * MIB);
        enter("b", 6 * MIB);
        var room = budget.room().toCompletableFuture();
        first.stays();
        assertThat(room.join()).isNotNull();
        enter("c", MIB); // it is asked no sooner than the other
        assertThat(leaving).containsExactly("a", "b");
    }

    @Test
    void oneThatIsTooLargeStays() {
        enter("a", MIB);
        enter("large", 30 * MIB);
        assertThat(leaving).containsExactly("a");
        leave();
        resident("large").holds(31 * MIB);
        assertThat(leaving).isEmpty();
        assertThat(budget.room()).isCompleted();
        enter("b", MIB);
        assertThat(leaving).containsExactly("large");
    }

    @Test
    void growthCounts() {
        enter("a", 4 * MIB);
        var grown = enter("b", 4 * MIB);
        grown.holds(8 * MIB);
        assertThat(leaving).containsExactly("a");
    }

    @Test
    void whatHasLeftIsForgotten() {
        var first = enter("a", 6 * MIB);
        first.left();
        first.holds(7 * MIB); // a reader that is late
        first.left();
        assertThat(budget.held()).isZero();
        assertThat(budget.size()).isZero();
        enter("b", 9 * MIB);
        assertThat(leaving).isEmpty();
    }
}
