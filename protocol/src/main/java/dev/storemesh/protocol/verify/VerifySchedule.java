package dev.storemesh.protocol.verify;

import dev.storemesh.protocol.value.StoreId;
import java.time.Duration;
import java.time.Instant;
import java.time.LocalTime;
import java.time.ZoneOffset;
import java.util.Optional;

/// When stores are verified every day: from a time of the day on (UTC), each at a time of its own within the
/// spread, so that they do not all come at once. Who was not reached then is not asked in the middle of the
/// day.
///
/// @param at from when on
/// @param spread over how long the stores are spread; zero: all at once
public record VerifySchedule(LocalTime at, Duration spread) {
    /// After its time a store is asked for so long, and then the next day.
    public static final Duration LATE = Duration.ofHours(4);

    /// The time at which a store was last due, if that is not too long ago.
    public Optional<Instant> lastDue(StoreId store, Instant now) {
        var offset = offset(store);
        var day = now.minus(offset).atZone(ZoneOffset.UTC);
        var today = day.toLocalDate().atTime(at).toInstant(ZoneOffset.UTC);
        var due = (day.toLocalTime().isBefore(at) ? today.minus(Duration.ofDays(1)) : today).plus(offset);
        return now.isBefore(due.plus(LATE)) ? Optional.of(due) : Optional.empty();
    }

    /// The same one each day.
    private Duration offset(StoreId store) {
        var millis = spread.toMillis();
        return millis == 0
                ? Duration.ZERO
                : Duration.ofMillis(Math.floorMod(store.text().hashCode() * 0x9E3779B9L, millis));
    }
}
