package dev.storemesh.http;

/// The server could not start to listen; the message is a sentence for the operator.
public final class CannotListenException extends RuntimeException {
    private static final long serialVersionUID = 1;

    CannotListenException(String message, Throwable cause) {
        super(message, cause);
    }
}
