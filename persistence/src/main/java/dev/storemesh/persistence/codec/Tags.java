package dev.storemesh.persistence.codec;

/// The byte that stands for each case of a sealed interface or enum. Stored for ever: a number is never changed and
/// never given to another case; a new case takes the next free one.
final class Tags {
    private Tags() {}

    /// [dev.storemesh.protocol.value.Value]; a flag is a case for each of its two values.
    static final class Values {
        static final int TEXT = 1;
        static final int WHOLE = 2;
        static final int DECIMAL = 3;
        static final int FALSE = 4;
        static final int TRUE = 5;
        static final int MOMENT = 6;
        static final int MONEY = 7;
        static final int REFERENCE = 8;

        private Values() {}
    }

    /// [dev.storemesh.protocol.value.Literal]; a flag is a case for each of its two values.
    static final class Literals {
        static final int TEXT = 1;
        static final int WHOLE = 2;
        static final int FALSE = 3;
        static final int TRUE = 4;
        static final int AMOUNT = 5;

        private Literals() {}
    }

    /// [dev.storemesh.protocol.write.Operation].
    static final class Operations {
        /// A put and a delete as they were before there were sets and preconditions.
        static final int PLAIN_PUT = 1;

        static final int PLAIN_DELETE = 2;
        static final int PUT = 3;
        static final int DELETE = 4;
        static final int UNDELETE = 5;

        private Operations() {}
    }

    /// [dev.storemesh.protocol.write.ObjectRef].
    static final class ObjectRefs {
        static final int KNOWN = 1;
        static final int TEMPORARY = 2;

        private ObjectRefs() {}
    }

    /// [dev.storemesh.protocol.catalog.CatalogEvent].
    static final class CatalogEvents {
        static final int OPENED = 1;
        static final int CREATED = 2;
        static final int WRITE_ACCEPTED = 3;
        static final int TRANSACTION_OPENED = 4;
        static final int STEP_ACCEPTED = 5;
        static final int TRANSACTION_ENDED = 6;
        static final int REPARTITIONED = 7;
        static final int HISTORY_BEGUN = 40; // 8 to 39 are free

        private CatalogEvents() {}
    }

    /// [dev.storemesh.protocol.log.LogEntry.Part].
    static final class Parts {
        static final int WHOLE = 1;
        static final int STEP = 2;
        static final int END = 3;

        private Parts() {}
    }

    /// [dev.storemesh.protocol.log.Ending.How].
    static final class Endings {
        static final int COMMITTED = 1;
        static final int ROLLED_BACK = 2;
        static final int IDLE = 3;
        static final int TOO_LONG = 4;

        private Endings() {}
    }

    /// [dev.storemesh.protocol.catalog.Catalog].
    static final class Catalogs {
        static final int UNMADE = 1;
        /// Before the schema was data.
        static final int PLAIN_MADE = 2;

        /// Before there were transactions.
        static final int WHOLE_MADE = 3;

        static final int MADE = 4;
        static final int RESTORED_MADE = 40; // the same case as 4, in another history than its origin; 5 to 39 are free

        private Catalogs() {}
    }

    /// [dev.storemesh.protocol.object.PartitionEvent].
    static final class PartitionEvents {
        static final int CHECKPOINTED = 1;

        private PartitionEvents() {}
    }

    /// [dev.storemesh.protocol.replica.ReplicaEvent].
    static final class ReplicaEvents {
        static final int OPENED = 1;
        static final int ENROLLED = 2;
        static final int FOLLOWED = 3;
        static final int REQUEST_QUEUED = 4;
        static final int REQUESTS_OFFERED = 5;
        static final int PARTS_FOLLOWED = 6; // the same case as 3, with parts of versions
        static final int REPARTITIONED = 7;
        static final int REQUEST_ASKED = 8; // the same case as 4, with the requester's role and what it withdraws
        static final int OWN_REQUEST_ASKED = 9; // the same case, of what is the store's own
        static final int OWN_DECIDED = 10;
        static final int COPY_ASKED = 11;
        static final int LOAD_BEGUN = 12;
        static final int PAGE_LOADED = 13;
        static final int LOADED = 14;
        static final int EPOCH_OPENED = 40; // 15 to 39 are free
        static final int REQUESTS_QUEUED_AGAIN = 41;
        static final int SCOPE_ASKED = 60;

        private ReplicaEvents() {}
    }

    /// [dev.storemesh.protocol.object.LocalEdit]; what sets a value is a case for each kind of slot.
    static final class LocalEdits {
        static final int CLEARS = 1;
        static final int ENDS = 2;
        static final int SETS = 3;
        static final int SETS_ALONE = 4;

        private LocalEdits() {}
    }

    /// [dev.storemesh.protocol.replica.Replica].
    static final class Replicas {
        static final int UNENROLLED = 1;
        /// Before the schema was data.
        static final int PLAIN_FOLLOWING = 2;

        /// Before there were transactions.
        static final int WHOLE_FOLLOWING = 3;

        /// Before requests told their requesters' roles.
        static final int ROLELESS_FOLLOWING = 4;

        /// Before a store's own writes took effect there at once.
        static final int OWNLESS_FOLLOWING = 5;

        /// Before a store could begin with the state at a version.
        static final int LOGGED_FOLLOWING = 6;

        static final int FOLLOWING = 7;
        static final int SCOPED_FOLLOWING = 60; // the same case as 7, of one location, or with such a copy wanted

        private Replicas() {}
    }

    /// [dev.storemesh.protocol.access.AccessEvent].
    static final class AccessEvents {
        static final int SITE_OPENED = 1;
        static final int TOKEN_ISSUED = 2;
        static final int TOKEN_REVOKED = 3;
        static final int STORE_INVITED = 4;
        static final int STORE_ENROLLED = 5;
        static final int CREDENTIAL_USED = 6;
        static final int TOKEN_ISSUED_TO_APP = 7; // the same case as 2, with an app
        static final int NAMESPACE_CLAIMED = 8;
        static final int TOKEN_ISSUED_FOR_STORE = 9; // the same case as 2, with a store
        static final int CREDENTIAL_RENEWED = 10;
        static final int CREDENTIAL_REPLACED = 11;
        static final int STORE_SUSPENDED = 12;
        static final int STORE_RESUMED = 13;
        static final int STORE_REMOVED = 14;
        static final int STAFF_RECEIVED = 15;
        static final int STAFF_CONFIRMED = 16;
        static final int VERIFICATION_ORDERED = 17;
        static final int VERIFICATION_KEPT = 18;

        private AccessEvents() {}
    }

    /// [dev.storemesh.protocol.access.Role].
    static final class Roles {
        static final int OPERATOR = 1;
        static final int EDITOR = 2;
        static final int APPROVER = 3;
        static final int READER = 4;
        static final int STORE = 5;
        static final int LANE = 6;
        static final int CLERK = 7;
        static final int STORE_MANAGER = 8;
        static final int APP = 9;
        static final int AUDITOR = 10;

        private Roles() {}
    }

    /// [dev.storemesh.protocol.verify.Cause].
    static final class VerifyCauses {
        static final int ORDERED = 1;
        static final int NIGHTLY = 2;
        static final int RECONNECTED = 3;

        private VerifyCauses() {}
    }

    /// [dev.storemesh.protocol.verify.Verification.Outcome].
    static final class VerifyOutcomes {
        static final int SAME = 1;
        static final int DIFFERENT = 2;
        static final int NOT_COMPARED = 3;

        private VerifyOutcomes() {}
    }

    /// [dev.storemesh.protocol.verify.Verification.Kind].
    static final class DifferenceKinds {
        static final int DIFFERS = 1;
        static final int MISSING_AT_STORE = 2;
        static final int MISSING_AT_HQ = 3;

        private DifferenceKinds() {}
    }

    /// [dev.storemesh.protocol.access.Access.Standing].
    static final class StoreStandings {
        static final int ACTIVE = 1;
        static final int SUSPENDED = 2;
        static final int REMOVED = 3;

        private StoreStandings() {}
    }
}
