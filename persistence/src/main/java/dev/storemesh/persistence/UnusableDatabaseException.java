package dev.storemesh.persistence;

/// A database that must not, or cannot, be used. The message is one sentence for the operator, naming the database
/// and the reason; whoever starts the node prints it and stops.
public final class UnusableDatabaseException extends RuntimeException {
    private static final long serialVersionUID = 1L;

    /// @param database its file or address, without secrets
    public UnusableDatabaseException(Object database, String reason) {
        super(sentence(database, reason));
    }

    public UnusableDatabaseException(Object database, String reason, Throwable cause) {
        super(sentence(database, reason), cause);
    }

    private static String sentence(Object database, String reason) {
        return "database " + database + " cannot be used: " + reason;
    }
}
