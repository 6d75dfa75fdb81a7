package dev.storemesh.protocol.model;

import dev.storemesh.protocol.catalog.Answer;
import dev.storemesh.protocol.log.Version;
import dev.storemesh.protocol.object.ObjectDifference;
import dev.storemesh.protocol.object.ObjectHistory;
import dev.storemesh.protocol.object.ObjectView;
import dev.storemesh.protocol.object.Scope;
import dev.storemesh.protocol.object.VersionedObjects.Selection;
import dev.storemesh.protocol.object.VersionedObjects.Slice;
import dev.storemesh.protocol.value.ObjectToken;
import java.util.List;
import java.util.Optional;

/// The real catalog that the model stands beside: at version 1 and empty when it is handed over.
public interface ModelledCatalog {
    /// Asks for all of them before the first is answered; an answer for each.
    List<Answer> ask(List<Wish> wishes);

    /// As if all memory was lost.
    void restart();

    /// Whether it can be asked for [Wish.Expire].
    default boolean expires() {
        return false;
    }

    /// What everybody sees; who reads at the version after it does so as the holder of the open transaction.
    Version head();

    /// The data objects that are there.
    long count();

    Optional<ObjectView.Live> object(ObjectToken token, Version version, Scope scope);

    Slice page(Selection selection, Version version, Optional<ObjectToken> after, int limit);

    Slice changes(Selection selection, Version since, Version version, Optional<ObjectToken> after, int limit);

    /// Empty: there was none up to that version.
    Optional<ObjectHistory> history(ObjectToken token, ObjectHistory.Query query);

    ObjectDifference.Slice differences(
            Selection selection, Version from, Version to, Optional<ObjectToken> after, int limit);
}
