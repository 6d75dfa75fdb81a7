package dev.storemesh.protocol.catalog;

import dev.storemesh.protocol.catalog.CatalogEvent.StepAccepted;
import dev.storemesh.protocol.catalog.CatalogEvent.WriteAccepted;
import dev.storemesh.protocol.log.LogEntry;
import dev.storemesh.protocol.log.ObjectChange;
import dev.storemesh.protocol.log.Provenance;
import dev.storemesh.protocol.log.Version;
import dev.storemesh.protocol.object.OpenTransaction;
import dev.storemesh.protocol.object.SchemaHistory;
import dev.storemesh.protocol.value.ObjectToken;
import dev.storemesh.protocol.write.Remembered;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/// On top of what a change is made: as a version of its own after the newest, or as a step of the open transaction,
/// after those before it.
record Writing(Catalog.Made catalog, Optional<OpenTransaction> transaction) {
    static Writing plain(Catalog.Made catalog) {
        return new Writing(catalog, Optional.empty());
    }

    static Writing in(Catalog.Made catalog, OpenTransaction transaction) {
        return new Writing(catalog, Optional.of(transaction));
    }

    /// The newest version that the writer can have seen.
    Version newest() {
        return transaction.map(open -> open.lock().version()).orElse(catalog.head());
    }

    SchemaHistory schemas() {
        return transaction.map(open -> open.staged().schemas()).orElse(catalog.schemas());
    }

    Outcome accepted(
            Provenance provenance,
            List<ObjectChange> changes,
            Map<String, ObjectToken> names,
            String digest,
            Instant now) {
        return transaction
                .map(open -> step(open, provenance, changes, names, digest, now))
                .orElseGet(() -> version(provenance, changes, names, digest, now));
    }

    private Outcome version(
            Provenance provenance,
            List<ObjectChange> changes,
            Map<String, ObjectToken> names,
            String digest,
            Instant now) {
        var entry = CatalogDecider.next(catalog, provenance, changes, now);
        return new Outcome.Accepted(
                List.of(new WriteAccepted(entry, names, digest)), new Answer.Accepted(entry.version(), names, false));
    }

    private Outcome step(
            OpenTransaction open,
            Provenance provenance,
            List<ObjectChange> changes,
            Map<String, ObjectToken> names,
            String digest,
            Instant now) {
        var staged = open.staged();
        var at = TransactionDecider.timeAfter(catalog, open, now);
        var number = staged.steps() + 1;
        var entry = CatalogDecider.entry(staged.chain(), staged.version(), at, provenance, changes)
                .as(new LogEntry.Part.Step(number));
        return open.isTooLargeWith(entry)
                ? new Outcome.Refused(new Refusal.TooLarge("bytes in one transaction", open.maxBytes()))
                : new Outcome.Accepted(
                        List.of(new StepAccepted(entry, names, digest)),
                        new Answer.Staged(entry.version(), number, names, false));
    }

    /// The answer to a write that was accepted before.
    Answer repeated(Remembered before) {
        return before.step() > 0 && transaction.isPresent()
                ? new Answer.Staged(before.version(), before.step(), before.names(), true)
                : new Answer.Accepted(before.version(), before.names(), true);
    }
}
