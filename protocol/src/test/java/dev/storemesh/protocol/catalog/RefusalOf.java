package dev.storemesh.protocol.catalog;

/// Looks into answers.
public final class RefusalOf {
    private RefusalOf() {}

    /// Why an answer is a refusal, at whatever version; fails where it is none.
    public static Refusal answer(Answer answer) {
        if (answer instanceof Answer.Refused(var refusal, var at)) {
            return refusal;
        }
        throw new AssertionError(answer + " (expected: a refusal)");
    }
}
