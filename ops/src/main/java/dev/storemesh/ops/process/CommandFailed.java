package dev.storemesh.ops.process;

/// A command that did not do what it was asked to. The message is a sentence for a person.

public final class CommandFailed extends Exception {
    private static final long serialVersionUID = 1L;

    public CommandFailed(String message) {
        super(message);
    }

    public CommandFailed(String message, Throwable cause) {
        super(message, cause);
    }
}
