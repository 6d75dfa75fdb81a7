package dev.storemesh.ops.demo;

/// The demo cannot go on. The message is one sentence for the person who started it.
final class DemoException extends Exception {
    private static final long serialVersionUID = 1L;

    DemoException(String message) {
        super(message);
    }

    DemoException(String message, Throwable cause) {
        super(message, cause);
    }
}
