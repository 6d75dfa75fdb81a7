package dev.storemesh.node.site;

import dev.storemesh.protocol.verify.VerifySchedule;
import java.time.Duration;
import java.util.Optional;

/// `storemesh.fleet`: what HQ asks of its stores.
///
/// @param nights when they hold their copies against HQ's; empty: only when they are asked to
public record FleetSettings(Optional<VerifySchedule> nights) {

    static FleetSettings read(SettingsReader reader) throws StartFailure {
        var spread = reader.span("fleet.verify-spread", Duration.ZERO, VerifySchedule.LATE);
        return new FleetSettings(reader.timeOfDay("fleet.verify-at").map(at -> new VerifySchedule(at, spread)));
    }
}
