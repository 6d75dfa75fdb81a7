package dev.storemesh.http.problem;

/// Ends a request with its [Problem]. Thrown while a request is translated; never a bug, so it carries no stack
/// trace.
public final class ProblemException extends RuntimeException {
    private static final long serialVersionUID = 1;

    private final transient Problem problem;

    public ProblemException(Problem problem) {
        super(problem.code() + ": " + problem.detail(), null, false, false);
        this.problem = problem;
    }

    public Problem problem() {
        return problem;
    }
}
