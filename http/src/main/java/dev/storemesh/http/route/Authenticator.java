package dev.storemesh.http.route;

import java.util.Optional;
import java.util.concurrent.CompletionStage;

public interface Authenticator {
    CompletionStage<Optional<Caller>> caller(String token);
}
