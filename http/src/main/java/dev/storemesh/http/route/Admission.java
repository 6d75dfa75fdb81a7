package dev.storemesh.http.route;

import dev.storemesh.protocol.access.Permission;
import dev.storemesh.protocol.access.Principal;
import java.util.Set;

/// Whom an endpoint admits. There is no endpoint without one.
public sealed interface Admission {
    /// Everybody, without a token: health only.
    Admission NOBODY_NEEDED = new NobodyNeeded();

    /// Any valid token, for what is the same for everybody.
    Admission ANY_TOKEN = new Token(Set.of());

    /// A join token, which names no principal yet: the handler judges it.
    Admission JOIN_TOKEN = new JoinToken();

    record NobodyNeeded() implements Admission {}

    record JoinToken() implements Admission {}

    /// A token whose role has one of these permissions; none: any.
    record Token(Set<Permission> oneOf) implements Admission {
        public Token {
            oneOf = Set.copyOf(oneOf);
        }

        boolean admits(Principal principal) {
            return oneOf.isEmpty() || oneOf.stream().anyMatch(principal::may);
        }
    }

    static Admission to(Permission... oneOf) {
        return new Token(Set.of(oneOf));
    }
}
