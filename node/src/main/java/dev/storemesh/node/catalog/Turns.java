package dev.storemesh.node.catalog;

import java.util.LinkedHashSet;
import java.util.Set;

/// Lets so many at a time do something that all of a node would else do at once, in the order in which they ask. Safe
/// for all threads.
final class Turns {
    private final int limit;
    private final Set<Turn> waiting = new LinkedHashSet<>();
    private final Set<Turn> taken = new LinkedHashSet<>();

    Turns(int limit) {
        this.limit = limit;
    }

    /// Asks for a turn.
    ///
    /// @param come called once, by any thread, when it is its turn; whoever does not want it any more ends it
    Turn ask(Runnable come) {
        var turn = new Turn(come);
        synchronized (this) {
            waiting.add(turn);
        }
        call();
        return turn;
    }

    private void call() {
        Turn next;
        synchronized (this) {
            if (taken.size() >= limit || waiting.isEmpty()) {
                return;
            }
            next = waiting.iterator().next();
            waiting.remove(next);
            taken.add(next);
        }
        next.come.run();
        call();
    }

    /// Somebody's turn, from when it is asked for until it ends.
    final class Turn {
        private final Runnable come;

        private Turn(Runnable come) {
            this.come = come;
        }

        /// It is over, or not wanted any more. Does nothing when called again.
        void end() {
            synchronized (Turns.this) {
                waiting.remove(this);
                taken.remove(this);
            }
            call();
        }
    }
}
