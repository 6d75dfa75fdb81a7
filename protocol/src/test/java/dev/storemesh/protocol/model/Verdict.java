package dev.storemesh.protocol.model;

import java.util.List;
import java.util.Map;
import java.util.Set;

/// What the model says to a wish.
sealed interface Verdict {
    record Accepted(long version, boolean replayed) implements Verdict {}

    record KeyReused() implements Verdict {}

    record Opened(long version, boolean replayed) implements Verdict {}

    record Ended(long version, String how, boolean replayed) implements Verdict {}

    /// Somebody has a transaction open.
    record Locked() implements Verdict {}

    /// The lock's transaction is over.
    record Over() implements Verdict {}

    record NotYetSeen() implements Verdict {}

    record UnknownObject(String object) implements Verdict {}

    /// Objects that are not what the writer took them for.
    record Moved(Set<Movement> movements) implements Verdict {}

    /// An object that changed: each slot that differs, with its values then and now.
    record Movement(String object, boolean deleted, long version, Map<String, List<Set<String>>> slots) {}

    /// The catalog names all of `must`, and nothing but what is in `may`. They are the same but where rules that
    /// changed
    /// are looked at together with objects that are wrong in themselves: then an audit may say more of them.
    record Unsound(Set<Fault> must, Set<Fault> may) implements Verdict {}

    /// The schema itself would be wrong. Of what else is wrong with the write nothing can be said: it depends on
    /// which parts of a broken schema are believed. `faults` are those of schema objects.
    record BrokenSchema(Set<Fault> faults) implements Verdict {}
}
