package dev.storemesh.ops.cli;

import java.time.Duration;
import java.util.regex.Pattern;
import picocli.CommandLine.ITypeConverter;
import picocli.CommandLine.TypeConversionException;

/// Spans as people write them: `90s`, `15m`, `12h`, `30d`.
final class SpanConverter implements ITypeConverter<Duration> {
    private static final Pattern SPAN = Pattern.compile("([1-9]\\d{0,8})([smhd])");

    @Override
    public Duration convert(String text) {
        var match = SPAN.matcher(text);
        if (!match.matches()) {
            throw new TypeConversionException(
                    "'" + text + "' is no span of time (expected: such as 90s, 15m, 12h, 30d)");
        }
        var number = Long.parseLong(match.group(1));
        return switch (match.group(2)) {
            case "s" -> Duration.ofSeconds(number);
            case "m" -> Duration.ofMinutes(number);
            case "h" -> Duration.ofHours(number);
            default -> Duration.ofDays(number);
        };
    }
}
