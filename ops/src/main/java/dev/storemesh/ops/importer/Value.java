package dev.storemesh.ops.importer;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.BooleanNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.LongNode;
import com.fasterxml.jackson.databind.node.TextNode;
import java.math.BigDecimal;
import java.time.DateTimeException;
import java.time.Instant;
import java.time.temporal.ChronoUnit;

/// What a row says about one attribute, typed as the attribute's definition is.
public sealed interface Value {
    /// Largest whole number that every JSON reader holds exactly: 2^53 - 1.
    long LARGEST_WHOLE = (1L << 53) - 1;

    /// As the API takes it.
    JsonNode json();

    /// Whether `stored`, as the API gives it, is this value; decimals by number, instants by time, whatever their
    /// spelling.
    default boolean sameAs(JsonNode stored) {
        return json().equals(stored);
    }

    record Text(String text) implements Value {
        @Override
        public JsonNode json() {
            return TextNode.valueOf(text);
        }
    }

    record Whole(long number) implements Value {
        @Override
        public JsonNode json() {
            return LongNode.valueOf(number);
        }

        @Override
        public boolean sameAs(JsonNode stored) {
            return stored.isIntegralNumber() && stored.canConvertToLong() && stored.asLong() == number;
        }
    }

    record Flag(boolean is) implements Value {
        @Override
        public JsonNode json() {
            return BooleanNode.valueOf(is);
        }
    }

    record Decimal(BigDecimal number) implements Value {
        @Override
        public JsonNode json() {
            return TextNode.valueOf(number.toPlainString());
        }

        @Override
        public boolean sameAs(JsonNode stored) {
            return Decimals.parse(stored.asText())
                    .filter(other -> other.compareTo(number) == 0)
                    .isPresent();
        }
    }

    /// A time.
    ///
    /// @param at cut to milliseconds, as the API keeps it
    record Moment(Instant at) implements Value {
        public Moment {
            at = at.truncatedTo(ChronoUnit.MILLIS);
        }

        @Override
        public JsonNode json() {
            return TextNode.valueOf(at.toString());
        }

        @Override
        public boolean sameAs(JsonNode stored) {
            try {
                return Instant.parse(stored.asText()).equals(at);
            } catch (DateTimeException e) {
                return false; // no instant at all: surely another value
            }
        }
    }

    /// An amount of money.
    ///
    /// @param amount in the currency's minor units
    record Money(long amount, String currency) implements Value {
        @Override
        public JsonNode json() {
            return JsonNodeFactory.instance.objectNode().put("amount", amount).put("currency", currency);
        }

        @Override
        public boolean sameAs(JsonNode stored) {
            return new Whole(amount).sameAs(stored.path("amount"))
                    && currency.equals(stored.path("currency").asText());
        }
    }

    record Reference(String token) implements Value {
        @Override
        public JsonNode json() {
            return TextNode.valueOf(token);
        }
    }
}
