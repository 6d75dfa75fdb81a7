package dev.storemesh.persistence.codec;

/// Stored bytes that this program cannot read: damaged, cut off, or written by a newer version.
public final class UnreadableRowException extends RuntimeException {
    UnreadableRowException(String message) {
        super(message);
    }

    UnreadableRowException(String message, Throwable cause) {
        super(message, cause);
    }
}
