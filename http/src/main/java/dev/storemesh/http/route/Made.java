package dev.storemesh.http.route;

import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.storemesh.protocol.catalog.Answer;
import dev.storemesh.protocol.json.Json;
import dev.storemesh.protocol.log.Version;
import dev.storemesh.protocol.value.ObjectToken;
import java.util.Map;
import java.util.Optional;

/// A change that was made: as a version of its own, or as a `step` of a transaction's.
record Made(Version version, Optional<Integer> step, Map<String, ObjectToken> names, boolean replayed) {
    Made {
        names = Map.copyOf(names);
    }

    /// Empty for every other answer.
    static Optional<Made> of(Answer answer) {
        return switch (answer) {
            case Answer.Accepted accepted -> Optional.of(of(accepted));
            case Answer.Staged staged -> Optional.of(of(staged));
            default -> Optional.empty();
        };
    }

    static Made of(Answer.Accepted accepted) {
        return new Made(accepted.version(), Optional.empty(), accepted.names(), accepted.replayed());
    }

    static Made of(Answer.Staged staged) {
        return new Made(staged.version(), Optional.of(staged.step()), staged.names(), staged.replayed());
    }

    ObjectNode json() {
        var json = Json.object().put("version", version.number());
        step.ifPresent(number -> json.put("step", number));
        json.set("objects", Answers.names(names));
        return replayed ? json.put("replayed", true) : json;
    }

    /// With what was asked for, in a field of its own.
    Reply with(String field, ObjectNode asked) {
        return Answers.at(version, 200, json().set(field, asked));
    }
}
