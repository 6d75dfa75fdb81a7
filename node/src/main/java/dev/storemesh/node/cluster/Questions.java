package dev.storemesh.node.cluster;

import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.TimeoutException;
import java.util.function.Supplier;

/// Questions that change nothing, and so may be asked again: one that comes while whom it is for moves to another node
/// may be lost, and whoever waits for the answer should not wait for the whole time that a slow one may take.
public final class Questions {
    private Questions() {}

    /// The first answer to a question that is asked until there is one, at most `tries` times. Fails as the last one
    /// does, or as one that was answered with a failure.
    ///
    /// @param question fails with a [TimeoutException] when its own time is over
    public static <T> CompletionStage<T> ask(int tries, Supplier<CompletionStage<T>> question) {
        return question.get()
                .exceptionallyCompose(failure -> tries > 1 && isUnanswered(failure)
                        ? ask(tries - 1, question)
                        : CompletableFuture.failedStage(failure));
    }

    private static boolean isUnanswered(Throwable failure) {
        return failure instanceof TimeoutException || failure.getCause() instanceof TimeoutException;
    }
}
