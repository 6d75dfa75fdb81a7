package dev.storemesh.ops.history;

import com.fasterxml.jackson.annotation.JsonSubTypes;
import com.fasterxml.jackson.annotation.JsonTypeInfo;
import dev.storemesh.ops.history.Operation.Link;
import dev.storemesh.ops.history.Operation.Page;
import dev.storemesh.ops.history.Operation.Seen;
import java.util.List;

/// What a client was told: yes, no, or nothing that it could rely on.
@JsonTypeInfo(use = JsonTypeInfo.Id.NAME, property = "was")
@JsonSubTypes({
    @JsonSubTypes.Type(value = Outcome.Made.class, name = "made"),
    @JsonSubTypes.Type(value = Outcome.Staged.class, name = "staged"),
    @JsonSubTypes.Type(value = Outcome.Opened.class, name = "opened"),
    @JsonSubTypes.Type(value = Outcome.Ended.class, name = "ended"),
    @JsonSubTypes.Type(value = Outcome.Saw.class, name = "saw"),
    @JsonSubTypes.Type(value = Outcome.Leafed.class, name = "leafed"),
    @JsonSubTypes.Type(value = Outcome.Stood.class, name = "stood"),
    @JsonSubTypes.Type(value = Outcome.Followed.class, name = "followed"),
    @JsonSubTypes.Type(value = Outcome.Refused.class, name = "refused"),
    @JsonSubTypes.Type(value = Outcome.Over.class, name = "over"),
    @JsonSubTypes.Type(value = Outcome.Unknown.class, name = "unknown")
})
public sealed interface Outcome {
    /// The write is this version.
    record Made(long version) implements Outcome {}

    /// The write is this step of the version that the transaction makes.
    record Staged(long version, int step) implements Outcome {}

    /// The transaction makes this version; who shows the lock holds it.
    record Opened(long version, String lock) implements Outcome {}

    /// The transaction has ended: the version is visible, or undone.
    record Ended(long version, boolean undone) implements Outcome {}

    /// The object at the version; nothing if it was not there.
    record Saw(long version, List<Seen> objects) implements Outcome {
        public Saw {
            objects = List.copyOf(objects);
        }
    }

    /// All pages, in order.
    record Leafed(List<Page> pages) implements Outcome {
        public Leafed {
            pages = List.copyOf(pages);
        }
    }

    /// The newest version, its chain hash, and the version that an open transaction makes; 0: there is none.
    record Stood(long version, String chain, long open) implements Outcome {}

    /// The newest version, and versions of the log in order, each with the chain hash at its end.
    record Followed(long version, List<Link> links) implements Outcome {
        public Followed {
            links = List.copyOf(links);
        }
    }

    /// Nothing was done, every time that it was asked for.
    record Refused(int status, String code) implements Outcome {}

    /// The transaction was over, in this way.
    record Over(String how) implements Outcome {}

    /// It may have been done, once, at any time since.
    record Unknown(String why) implements Outcome {}
}
