package dev.storemesh.node.site;

/// A reason why a node cannot start that its operator can do something about. The message is one sentence
/// (no full stop) that names what is wrong and where; it is shown as it is, without a stack trace.
public final class StartFailure extends Exception {
    private static final long serialVersionUID = 1L;

    public StartFailure(String sentence) {
        super(sentence);
    }

    public StartFailure(String sentence, Throwable cause) {
        super(sentence, cause);
    }

    /// The sentence to show.
    public String sentence() {
        return String.valueOf(getMessage());
    }
}
