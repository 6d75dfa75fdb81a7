package dev.storemesh.ops.importer;

/// An import that cannot begin or go on. The message is a sentence for a person.
public final class ImportException extends Exception {
    private static final long serialVersionUID = 1L;

    ImportException(String message) {
        super(message);
    }

    ImportException(String message, Throwable cause) {
        super(message, cause);
    }
}
