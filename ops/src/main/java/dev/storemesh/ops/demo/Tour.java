package dev.storemesh.ops.demo;

import com.fasterxml.jackson.databind.JsonNode;
import java.math.BigDecimal;
import java.util.Currency;
import java.util.Locale;
import java.util.Optional;

/// The short tour that a running demo prints: lines to copy into a shell, in the order of a story.
final class Tour {
    private static final long RAISE = 25; // minor units: a price that is seen to have changed

    private Tour() {}

    /// The item that the tour is about, as it stands at `version`.
    ///
    /// @param amount of the global price, in minor units of `currency`
    record Item(String token, String name, long amount, String currency, long version) {
        /// Takes the item out of an object's wire form, if it has a global price above 0.
        static Optional<Item> find(JsonNode object, long version) {
            for (var attribute : object.path("attributes")) {
                if (attribute.path("attribute").asText().equals("retail.item.price") && !attribute.has("location")) {
                    var price = attribute.path("value");
                    return Optional.of(new Item(
                                    object.path("object").asText(),
                                    name(object),
                                    price.path("amount").asLong(),
                                    price.path("currency").asText(),
                                    version))
                            .filter(item -> item.amount() > 0);
                }
            }
            return Optional.empty();
        }

        /// Such as `3.50 USD`.
        String price() {
            var digits = Math.max(0, Currency.getInstance(currency).getDefaultFractionDigits());
            return BigDecimal.valueOf(amount, digits).toPlainString() + " " + currency;
        }

        private static String name(JsonNode object) {
            for (var attribute : object.path("attributes")) {
                if (attribute.path("attribute").asText().equals("retail.item.name")) {
                    return attribute.path("value").asText();
                }
            }
            return "an item without a name";
        }
    }

    /// Every `curl` line stands alone: no variable of another line, and nothing to fill in.
    static String text(Description demo, Item item) {
        var hq = demo.hq();
        var first = demo.stores().getFirst();
        var text = new StringBuilder();
        text.append('\n');
        site(text, "HQ", hq.url(), hq.pid());
        for (var store : demo.stores()) {
            site(text, store.id(), store.url(), store.pid());
        }
        text.append("\nThe tour: the price of \"")
                .append(item.name())
                .append("\", now ")
                .append(item.price())
                .append(".\n");
        step(text, 1, "Read it at HQ", read(hq.url(), hq.editor(), demo, item, ""));
        step(text, 2, "Read it at a store", read(first.url(), first.token(), demo, item, ""));
        step(
                text,
                3,
                "Change the price at " + first.id() + ": a change request, queued on disk before the 202",
                post(
                        first.token(),
                        "-H 'Content-Type: application/json' -d '" + price(item, item.amount() + RAISE) + "' '"
                                + catalog(first.url(), demo) + "/writes'"));
        step(
                text,
                4,
                "See it arrive at HQ, waiting for a decision",
                "sleep 1; " + get(hq.approver(), waiting(hq, demo)));
        step(
                text,
                5,
                "Approve it at HQ (the oldest one that waits)",
                post(
                        hq.approver(),
                        "\"" + hq.url() + "/api/v1/change-requests/$("
                                + get(hq.approver(), waiting(hq, demo) + "&limit=1")
                                + " | grep -o 'cr-[A-Za-z0-9._~-]*' | head -n 1)/approve?catalog=" + demo.catalog()
                                + "\""));
        for (var store : demo.stores()) {
            step(
                    text,
                    6,
                    "See the new price at " + store.id(),
                    "sleep 1; " + read(store.url(), store.token(), demo, item, ""));
        }
        step(
                text,
                7,
                "Read the old price, at the version it was of",
                read(first.url(), first.token(), demo, item, "?version=" + item.version()));
        step(
                text,
                8,
                "Ask " + first.id() + " for a price below zero: its copy of HQ's rules refuses that at once",
                post(
                        first.token(),
                        "-H 'Content-Type: application/json' -d '" + price(item, -1) + "' '"
                                + catalog(first.url(), demo) + "/writes'"));
        return text.toString();
    }

    private static void site(StringBuilder text, String name, String url, long pid) {
        text.append(String.format(Locale.ROOT, "  %-8s %s  (process %d)%n", name, url, pid));
    }

    private static void step(StringBuilder text, int number, String what, String line) {
        text.append("\n# ").append(number).append(". ").append(what).append('\n');
        text.append(line).append(" ; echo\n");
    }

    private static String read(String url, String token, Description demo, Item item, String query) {
        return get(token, catalog(url, demo) + "/objects/" + item.token() + query);
    }

    private static String get(String token, String url) {
        return "curl -s -H 'Authorization: Bearer " + token + "' '" + url + "'";
    }

    private static String post(String token, String rest) {
        return "curl -s -X POST -H 'Authorization: Bearer " + token + "' " + rest;
    }

    private static String catalog(String url, Description demo) {
        return url + "/api/v1/catalogs/" + demo.catalog();
    }

    private static String waiting(Description.Hq hq, Description demo) {
        return hq.url() + "/api/v1/change-requests?catalog=" + demo.catalog() + "&status=waiting";
    }

    private static String price(Item item, long amount) {
        return "{\"operations\":[{\"op\":\"put\",\"object\":\"" + item.token()
                + "\",\"set\":[{\"attribute\":\"retail.item.price\",\"value\":{\"amount\":" + amount
                + ",\"currency\":\"" + item.currency() + "\"}}]}],\"reason\":\"the tour\"}";
    }
}
