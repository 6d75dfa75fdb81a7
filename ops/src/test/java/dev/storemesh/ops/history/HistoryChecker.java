package dev.storemesh.ops.history;

import java.util.Collection;
import java.util.List;

/// Judges what clients were told in a run by the logs that were there after it. Pure: the same history and logs
/// give the same violations.
///
/// What is promised, and checked:
///
/// - [WritesCheck]: what was acknowledged is in the log once, as the version that the client was told, with just
///   what it asked for; what was refused is not there; of what nobody answered it is there once or not at all, and
///   nothing else is.
/// - [TransactionsCheck]: one holder at a time; committed and void are what the holder was told; none ends before
///   its time.
/// - [OrderCheck]: what was asked for after another's answer has a later place in the log.
/// - [ReadsCheck]: a read answers what the log says of the version that it names, whole, and nothing that is not
///   committed. It names no older version than any client knew of before it began. The last does not hold for a
///   node that was frozen: until it knows that the others went on without it, it may answer as of the moment when
///   it froze, and what it does is not yet known to the others ([Chronicle.Doubt]).
public final class HistoryChecker {
    private HistoryChecker() {}

    /// All that was violated.
    ///
    /// @param logs those of all catalogs, as they were in the end
    public static List<Violation> check(Chronicle chronicle, Collection<CatalogLog> logs) {
        return logs.stream()
                .flatMap(log -> check(new Evidence(log, chronicle)).stream())
                .toList();
    }

    private static List<Violation> check(Evidence evidence) {
        WritesCheck.check(evidence);
        TransactionsCheck.check(evidence);
        OrderCheck.check(evidence);
        ReadsCheck.check(evidence);
        return evidence.found();
    }
}
