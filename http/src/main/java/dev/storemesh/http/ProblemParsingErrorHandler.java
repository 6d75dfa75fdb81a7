package dev.storemesh.http;

import dev.storemesh.http.problem.Problem;
import org.apache.pekko.event.LoggingAdapter;
import org.apache.pekko.http.ParsingErrorHandler;
import org.apache.pekko.http.javadsl.model.HttpResponse;
import org.apache.pekko.http.scaladsl.model.ErrorInfo;
import org.apache.pekko.http.scaladsl.model.StatusCode;
import org.apache.pekko.http.scaladsl.settings.ServerSettings;

/// Answers requests that are not HTTP (or beyond its limits) with a problem document too. Pekko finds it by name, as
/// a Scala object: hence `MODULE$`.
public final class ProblemParsingErrorHandler extends ParsingErrorHandler {
    @SuppressWarnings({"MemberName", "ConstantField"}) // the name that Scala gives the instance of an object
    public static final ProblemParsingErrorHandler MODULE$ = new ProblemParsingErrorHandler();

    private ProblemParsingErrorHandler() {}

    @Override
    public HttpResponse handle(StatusCode status, ErrorInfo error, LoggingAdapter log, ServerSettings settings) {
        log.debug("refused before routing, status [{}]: {}", status.intValue(), error.summary());
        var code = switch (status.intValue()) {
            case 413 -> "too_large";
            case 414 -> "uri_too_long";
            case 431 -> "headers_too_large";
            case 501 -> "method_not_known";
            default -> "malformed_request";
        };
        return Problem.of(status.intValue(), code, error.summary()).response();
    }
}
