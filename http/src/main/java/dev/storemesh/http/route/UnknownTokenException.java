package dev.storemesh.http.route;

/// Nobody is known here by this token. It carries no stack trace.
final class UnknownTokenException extends RuntimeException {
    private static final long serialVersionUID = 1;

    private final transient String secret;

    UnknownTokenException(String secret) {
        super("nobody is known by this token", null, false, false);
        this.secret = secret;
    }

    String secret() {
        return secret;
    }
}
