package dev.storemesh.http.route;

import java.util.concurrent.CompletionException;
import java.util.concurrent.CompletionStage;

/// A port's future failed: nobody can tell whether what was asked was done. Not a bug, and not a refusal.
final class NoAnswerException extends RuntimeException {
    private static final long serialVersionUID = 1;

    private NoAnswerException(Throwable cause) {
        super(cause);
    }

    /// What a port answers, with its failures told from those of translating its answer.
    static <T> CompletionStage<T> of(CompletionStage<T> asked) {
        return asked.exceptionally(failure -> {
            throw new NoAnswerException(
                    failure instanceof CompletionException && failure.getCause() != null
                            ? failure.getCause()
                            : failure);
        });
    }
}
