package dev.storemesh.node.cluster;

/// Bytes from another node that are no message of ours; the message is lost, and whoever waits for its answer
/// learns that by a time-out.
final class UnreadableMessageException extends RuntimeException {
    private static final long serialVersionUID = 1L;

    UnreadableMessageException(String what) {
        super(what);
    }

    UnreadableMessageException(String what, Throwable cause) {
        super(what, cause);
    }
}
