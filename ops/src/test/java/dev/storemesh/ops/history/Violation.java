package dev.storemesh.ops.history;

/// A promise that was not kept, and how that is known.
public record Violation(Kind kind, String catalog, String what) {
    /// Which promise.
    public enum Kind {
        /// An acknowledged write is not in the log, or was seen and is not.
        LOST,
        /// It is there more than once.
        APPLIED_TWICE,
        /// The log has what nobody asked for.
        FROM_NOWHERE,
        /// It was refused, and is in the log.
        REFUSED_BUT_APPLIED,
        /// The log has something else under its key.
        ALTERED,
        /// It is another version than its client was told.
        OTHER_VERSION,
        /// Numbers of versions are missing, or go back.
        VERSION_GAP,
        /// Two writes or transactions were told the same version.
        VERSION_USED_TWICE,
        /// What was asked for after another's answer has a smaller version.
        WENT_BACK,
        /// Somebody wrote while somebody else held the lock.
        TWO_HOLDERS,
        /// A transaction is committed or void, though its holder was told otherwise.
        ENDED_OTHERWISE,
        /// A transaction ended by itself before its time.
        ENDED_TOO_SOON,
        /// The pages of one read are not of one version.
        TORN,
        /// Somebody saw what was not committed.
        UNCOMMITTED,
        /// A read names an older version than was known before it began.
        STALE,
        /// A read does not answer what the log says of its version.
        WRONG_CONTENTS,
        /// A follower got another log.
        OTHER_LOG,
        /// An answer that the documents do not know in this place.
        ODD_ANSWER
    }

    @Override
    public String toString() {
        return kind + " in " + catalog + ": " + what;
    }
}
