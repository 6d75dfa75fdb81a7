package dev.storemesh.node.cluster;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.ArrayDeque;
import java.util.Deque;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.TimeoutException;
import org.junit.jupiter.api.Test;

class QuestionsTest {
    private static final CompletionStage<String> LOST =
            CompletableFuture.failedStage(new CompletionException(new TimeoutException("nobody answered")));
    private static final CompletionStage<String> REFUSED =
            CompletableFuture.failedStage(new IllegalStateException("it is over"));

    private Deque<CompletionStage<String>> answers = new ArrayDeque<>();

    private CompletableFuture<String> ask(int tries, List<CompletionStage<String>> scripted) {
        answers = new ArrayDeque<>(scripted);
        return Questions.ask(tries, () -> answers.remove()).toCompletableFuture();
    }

    @Test
    void aLostQuestionIsAskedAgainUntilThereIsAnAnswer() {
        assertThat(ask(3, List.of(LOST, LOST, CompletableFuture.completedStage("yes"))))
                .isCompletedWithValue("yes");
    }

    @Test
    void aFailureIsAnAnswer() {
        assertThatThrownBy(() -> ask(3, List.of(LOST, REFUSED, LOST)).join())
                .hasRootCauseInstanceOf(IllegalStateException.class);
        assertThat(answers).hasSize(1);
    }

    @Test
    void nobodyIsAskedForEver() {
        assertThatThrownBy(() -> ask(2, List.of(LOST, LOST, LOST)).join())
                .hasRootCauseInstanceOf(TimeoutException.class);
        assertThat(answers).hasSize(1);
    }
}
