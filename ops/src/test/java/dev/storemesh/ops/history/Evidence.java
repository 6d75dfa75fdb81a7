package dev.storemesh.ops.history;

import dev.storemesh.ops.history.CatalogLog.Entry;
import dev.storemesh.ops.history.CatalogLog.Part;
import dev.storemesh.ops.history.Chronicle.Doubt;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/// What there is to know of one catalog: what its clients were told, and its log; and what was found against it.
final class Evidence {
    private final String catalog;
    private final List<Operation> operations;
    private final List<Doubt> doubts;
    private final CatalogLog log;
    private final States states;
    private final Map<String, Operation> byKey = new HashMap<>();
    private final Map<String, Deal> transactions = new LinkedHashMap<>();
    private final Map<Long, Entry> ends = new HashMap<>();
    private final Map<Long, Operation> commits = new HashMap<>();
    private final List<Violation> found = new ArrayList<>();

    /// All that clients did in one transaction.
    record Deal(String name, List<Operation> operations) {
        /// As each of its holder's answers says; they should all say the same.
        List<Long> versions() {
            return operations.stream()
                    .flatMap(operation -> versionOf(operation).stream())
                    .distinct()
                    .toList();
        }

        private static Optional<Long> versionOf(Operation operation) {
            return switch (operation.outcome()) {
                case Outcome.Opened(var version, var lock) -> Optional.of(version);
                case Outcome.Staged(var version, var step) -> Optional.of(version);
                case Outcome.Ended(var version, var undone) -> Optional.of(version);
                default -> Optional.empty();
            };
        }

        Optional<Long> version() {
            return versions().stream().findFirst();
        }

        boolean tried(Class<? extends Action> action) {
            return operations.stream().anyMatch(operation -> action.isInstance(operation.action()));
        }
    }

    Evidence(CatalogLog log, Chronicle chronicle) {
        this.catalog = log.catalog();
        this.log = log;
        this.states = new States(log);
        this.doubts = chronicle.doubts();
        this.operations = chronicle.operations().stream()
                .filter(operation -> operation.catalog().equals(catalog))
                .sorted(Comparator.comparingLong(Operation::invoked))
                .toList();
        for (var operation : operations) {
            operation.key().ifPresent(key -> byKey.put(key, operation));
            operation
                    .transaction()
                    .ifPresent(name -> transactions
                            .computeIfAbsent(name, unknown -> new Deal(name, new ArrayList<>()))
                            .operations()
                            .add(operation));
        }
        log.entries().stream()
                .filter(entry -> entry.part() != Part.STEP)
                .forEach(entry -> ends.putIfAbsent(entry.version(), entry));
        for (var deal : transactions.values()) {
            deal.version()
                    .ifPresent(version -> deal.operations().stream()
                            .filter(operation -> operation.action() instanceof Action.Commit)
                            .findFirst()
                            .ifPresent(commit -> commits.put(version, commit)));
        }
    }

    List<Operation> operations() {
        return operations;
    }

    CatalogLog log() {
        return log;
    }

    States states() {
        return states;
    }

    Iterable<Deal> transactions() {
        return transactions.values();
    }

    Optional<Deal> transaction(String name) {
        return Optional.ofNullable(transactions.get(name));
    }

    Optional<Operation> withKey(String key) {
        return Optional.ofNullable(byKey.get(key));
    }

    /// The entry with which a version became visible, or void.
    Optional<Entry> end(long version) {
        return Optional.ofNullable(ends.get(version));
    }

    /// What made a version visible, where anybody asked for that: a write, or the first try to commit.
    Optional<Operation> maker(long version) {
        return end(version).flatMap(end -> switch (end.part()) {
            case WHOLE -> end.key().flatMap(this::withKey);
            case COMMIT -> Optional.ofNullable(commits.get(version));
            case STEP, VOID -> Optional.empty();
        });
    }

    /// When the node that answered was frozen first, if it cannot be trusted to know what is new.
    Optional<Long> doubtedSince(Operation operation) {
        return doubts.stream()
                .filter(doubt -> doubt.touches(operation))
                .map(Doubt::from)
                .min(Comparator.naturalOrder());
    }

    void violated(Violation.Kind kind, String what) {
        found.add(new Violation(kind, catalog, what));
    }

    List<Violation> found() {
        return found;
    }
}
