package dev.storemesh.ops.api;

/// A request that brought no success. The message is one sentence for a person.
public abstract sealed class ApiException extends Exception permits ApiException.Refusal, ApiException.NoAnswer {
    private static final long serialVersionUID = 1L;

    private ApiException(String message) {
        super(message);
    }

    private ApiException(String message, Throwable cause) {
        super(message, cause);
    }

    /// The node answered no. What was asked for has not happened.
    public static final class Refusal extends ApiException {
        private static final long serialVersionUID = 1L;
        private final transient Problem problem;

        public Refusal(Problem problem) {
            super(problem.sentence());
            this.problem = problem;
        }

        public Problem problem() {
            return problem;
        }
    }

    /// Nobody knows: the node was not reached, was too busy for too long, or its answer could not be read. A write
    /// may have been made; sending it again under the same idempotency key is safe.
    public static final class NoAnswer extends ApiException {
        private static final long serialVersionUID = 1L;

        public NoAnswer(String message) {
            super(message);
        }

        public NoAnswer(String message, Throwable cause) {
            super(message, cause);
        }
    }
}
