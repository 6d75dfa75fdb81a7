package dev.storemesh.http.route;

import com.fasterxml.jackson.databind.JsonNode;
import dev.storemesh.http.problem.Problem;
import dev.storemesh.http.problem.ProblemException;
import java.util.Map;
import java.util.Optional;

/// One request that its endpoint admits: known path, allowed caller, known parameters, a body that is JSON.
/// `body` is a [MissingNode] where there is none. `caller` is empty where none is needed, or only a join token.
public record Call(
        Map<String, String> path,
        Map<String, String> query,
        JsonNode body,
        Optional<Caller> caller,
        String bearerToken,
        Optional<String> idempotencyKey) {
    /// The value of a named segment of the template.
    String path(String name) {
        var value = path.get(name);
        if (value == null) {
            throw new IllegalStateException("no segment {" + name + "} in the template");
        }
        return value;
    }

    Call with(JsonNode body) {
        return new Call(path, query, body, caller, bearerToken, idempotencyKey);
    }

    Optional<String> query(String name) {
        return Optional.ofNullable(query.get(name));
    }

    /// A whole number between the two, both allowed.
    Optional<Long> number(String name, long least, long most) {
        return query(name).map(text -> {
            try {
                long number = Long.parseLong(text);
                if (text.matches("[0-9]+") && number >= least && number <= most) {
                    return number;
                }
            } catch (NumberFormatException e) {
                throw invalid(name, text, least, most);
            }
            throw invalid(name, text, least, most);
        });
    }

    private static ProblemException invalid(String name, String text, long least, long most) {
        var expected = most == Long.MAX_VALUE ? least + " or more" : least + " to " + most;
        return invalidParameter(name, name + ": " + text + " (expected: " + expected + ")");
    }

    static ProblemException invalidParameter(String name, String detail) {
        return new ProblemException(Problem.badRequest("invalid_parameter", name, detail));
    }
}
