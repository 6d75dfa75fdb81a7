package dev.storemesh.node.backup;

/// There is no backup, or it is none to rely on. The message is a sentence for a person.
public final class BackupFailed extends Exception {
    private static final long serialVersionUID = 1L;

    BackupFailed(String message) {
        super(message);
    }

    BackupFailed(String message, Throwable cause) {
        super(message, cause);
    }
}
