package dev.storemesh.protocol.object;

import dev.storemesh.protocol.log.Ending;
import dev.storemesh.protocol.log.LockToken;
import dev.storemesh.protocol.log.LogEntry;
import dev.storemesh.protocol.log.Version;
import dev.storemesh.protocol.write.IdempotencyKey;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;

/// The transactions of a catalog: the open one, how the last [#KEPT] ended, newest last, and the void versions whose
/// steps are in the journal, in order, so that nobody who reads it takes those steps for anything.
public record Transactions(Optional<OpenTransaction> open, List<Ended> ended, List<Version> discarded) {
    public static final Transactions NONE = new Transactions(Optional.empty(), List.of(), List.of());
    static final int KEPT = 100;

    /// How one ended. `key` is that of its opening.
    public record Ended(LockToken lock, Optional<IdempotencyKey> key, Ending ending) {}

    public Transactions {
        ended = List.copyOf(ended);
        discarded = List.copyOf(discarded);
    }

    /// The open one, if this is its lock.
    public Optional<OpenTransaction> held(LockToken lock) {
        return open.filter(transaction -> transaction.lock().equals(lock));
    }

    /// How the transaction of this lock ended, if it is one of the last.
    public Optional<Ending> ending(LockToken lock) {
        return ended.stream()
                .filter(transaction -> transaction.lock().equals(lock))
                .map(Ended::ending)
                .findFirst();
    }

    /// The one that this key opened, if it is one of the last.
    public Optional<Ended> openedBy(IdempotencyKey key) {
        return ended.reversed().stream()
                .filter(transaction -> transaction.key().equals(Optional.of(key)))
                .findFirst();
    }

    /// Whether an entry is a step of a void version, which is never shown.
    public boolean isDiscarded(LogEntry entry) {
        return entry.isStep() && Collections.binarySearch(discarded, entry.version()) >= 0;
    }

    public Transactions with(OpenTransaction transaction) {
        return new Transactions(Optional.of(transaction), ended, discarded);
    }

    /// The open one has ended.
    public Transactions after(Ending ending) {
        var over = open.orElseThrow(() -> new IllegalStateException("a transaction ended that was not open"));
        var last = new ArrayList<>(ended.subList(Math.max(0, ended.size() - KEPT + 1), ended.size()));
        last.add(new Ended(over.lock(), IdempotencyKey.of(over.holder()), ending));
        var isDiscarded = ending.how() != Ending.How.COMMITTED && over.staged().steps() > 0;
        return new Transactions(
                Optional.empty(),
                last,
                isDiscarded
                        ? Stream.concat(
                                        discarded.stream(),
                                        Stream.of(over.lock().version()))
                                .toList()
                        : discarded);
    }
}
