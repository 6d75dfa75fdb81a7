package dev.storemesh.ops.cli;

/// A command that did not do what it was asked to. The message is a sentence for a person.
public final class CommandFailed extends Exception {
    private static final long serialVersionUID = 1L;

    CommandFailed(String message) {
        super(message);
    }

    CommandFailed(String message, Throwable cause) {
        super(message, cause);
    }
}
