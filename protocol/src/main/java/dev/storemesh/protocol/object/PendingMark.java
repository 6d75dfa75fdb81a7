package dev.storemesh.protocol.object;

import dev.storemesh.protocol.change.RequestId;
import dev.storemesh.protocol.change.Status;
import java.util.Locale;

/// That an undecided change request is laid over an object that somebody reads. `number`: the rows that it laid
/// there name it by this number.
public record PendingMark(long number, RequestId request, Status status, Effect effect) {
    /// What the request would do to the object; in JSON in lower case.
    public enum Effect {
        /// The object is not there yet.
        MAKES,
        /// It was deleted, and is shown as it was.
        RESTORES,
        CHANGES,
        /// It is shown as it is until then.
        DELETES;

        public String wireName() {
            return name().toLowerCase(Locale.ROOT);
        }
    }
}
