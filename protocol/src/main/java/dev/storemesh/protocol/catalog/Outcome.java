package dev.storemesh.protocol.catalog;

import dev.storemesh.protocol.write.Lookup;
import java.util.List;
import java.util.Set;

/// What deciding one command comes to: yes, no, or "cannot tell yet".
public sealed interface Outcome {
    /// The facts to journal (none, if it was done before), and the answer to give when they are.
    record Accepted(List<CatalogEvent> events, Answer answer) implements Outcome {
        public Accepted {
            events = List.copyOf(events);
        }
    }

    record Refused(Refusal refusal) implements Outcome {}

    /// Fetch these from the partitions and decide again.
    record NeedsLookups(Set<Lookup> lookups) implements Outcome, RoundOutcome {
        public NeedsLookups {
            lookups = Set.copyOf(lookups);
        }
    }

    /// What is fetched is of before this round, and the command must know what its earlier ones did: it is to be the
    /// first of the next round.
    record NeedsAnotherRound() implements Outcome {}

    /// What deciding a whole round comes to.
    sealed interface RoundOutcome permits Decided, NeedsLookups {}

    /// The facts to journal as one row, and an answer for each command in order; the commands that have none are to
    /// begin the next round.
    record Decided(List<CatalogEvent> events, List<Answer> answers) implements RoundOutcome {
        public Decided {
            events = List.copyOf(events);
            answers = List.copyOf(answers);
        }
    }
}
