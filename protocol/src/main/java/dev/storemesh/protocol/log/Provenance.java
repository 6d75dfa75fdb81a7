package dev.storemesh.protocol.log;

import dev.storemesh.protocol.value.StoreId;
import java.util.Optional;

/// Who wrote, and why. `caller` is the principal's name; `app` the program it came through; `actingFor` the person
/// whom that program says it acts for, so never there without `app`; `store` the site a change request came from;
/// `key` the idempotency key, which is the caller's own.
public record Provenance(
        String caller,
        Optional<String> app,
        Optional<String> actingFor,
        Optional<StoreId> store,
        Optional<String> key,
        Optional<String> reason) {
    private static final int PERSON_LENGTH = 200;

    public Provenance {
        if (actingFor.isPresent() && app.isEmpty()) {
            throw new IllegalArgumentException("actingFor: without app (expected: only an app acts for somebody)");
        }
        if (!actingFor.map(Provenance::namesPerson).orElse(true)) {
            throw new IllegalArgumentException(
                    "actingFor (expected: 1 to " + PERSON_LENGTH + " characters, no control characters)");
        }
    }

    /// Whether a text can stand as `actingFor`: 1 to 200 characters, not all of them blank, no control characters.
    public static boolean namesPerson(String text) {
        return !text.isBlank() && text.length() <= PERSON_LENGTH && text.chars().noneMatch(Character::isISOControl);
    }

    public static Provenance of(String caller) {
        return new Provenance(
                caller, Optional.empty(), Optional.empty(), Optional.empty(), Optional.empty(), Optional.empty());
    }

    public Provenance withKey(Optional<String> newKey) {
        return new Provenance(caller, app, actingFor, store, newKey, reason);
    }

    public Provenance withReason(Optional<String> newReason) {
        return new Provenance(caller, app, actingFor, store, key, newReason);
    }

    public Provenance withStore(StoreId newStore) {
        return new Provenance(caller, app, actingFor, Optional.of(newStore), key, reason);
    }

    /// Through this program, for this person.
    public Provenance withApp(String newApp, Optional<String> newActingFor) {
        return new Provenance(caller, Optional.of(newApp), newActingFor, store, key, reason);
    }
}
