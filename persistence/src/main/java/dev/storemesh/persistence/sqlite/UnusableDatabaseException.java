package dev.storemesh.persistence.sqlite;

import java.nio.file.Path;

/// A database file that must not, or cannot, be used. The message is one sentence for the operator, naming the file
/// and the reason; whoever starts the node prints it and stops.
public final class UnusableDatabaseException extends RuntimeException {
    UnusableDatabaseException(Path file, String reason) {
        super(sentence(file, reason));
    }

    UnusableDatabaseException(Path file, String reason, Throwable cause) {
        super(sentence(file, reason), cause);
    }

    private static String sentence(Path file, String reason) {
        return "database " + file + " cannot be used: " + reason;
    }
}
