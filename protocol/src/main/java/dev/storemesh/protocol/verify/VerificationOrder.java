package dev.storemesh.protocol.verify;

import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.storemesh.protocol.json.Fields;
import dev.storemesh.protocol.json.Json;
import dev.storemesh.protocol.value.Value.Moment;
import java.time.Instant;
import java.util.regex.Pattern;

/// That a store is to hold its copy against HQ's. It stands until its result is there, or another one takes
/// its place.
///
/// @param id of 1 to 40 letters and digits
/// @param repair whether the store is to load its copy anew where it differs
public record VerificationOrder(String id, Cause cause, boolean repair, Instant at) {
    private static final Pattern ID = Pattern.compile("[0-9A-Za-z]{1,40}");

    public VerificationOrder {
        if (!isId(id)) {
            throw new IllegalArgumentException("order: not an id (expected: 1 to 40 letters and digits)");
        }
    }

    static boolean isId(String text) {
        return ID.matcher(text).matches();
    }

    /// `{"id": …, "cause": …, "repair": …, "orderedAt": …}`
    public ObjectNode write() {
        return Json.object()
                .put("id", id)
                .put("cause", cause.wireName())
                .put("repair", repair)
                .put("orderedAt", Moment.format(at));
    }

    /// Reads what [#write()] wrote.
    ///
    /// @throws IllegalArgumentException if it is not of the form
    public static VerificationOrder read(Fields fields) {
        return new VerificationOrder(
                fields.text("id"),
                fields.parsed("cause", Cause::parse),
                fields.flag("repair", false),
                fields.parsed("orderedAt", Moment::parse));
    }
}
