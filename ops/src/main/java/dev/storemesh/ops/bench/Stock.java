package dev.storemesh.ops.bench;

import java.io.BufferedOutputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.SplittableRandom;

/// Made-up objects, the same for everybody who asks for as many: items of ten attributes each, and the departments
/// that they refer to. A catalog of 20,000 of them has one partition.
///
/// @param objects in all, at least 100
record Stock(int objects) {
    private static final int DEPARTMENTS = 50;
    private static final int ATTRIBUTES_OF_AN_ITEM = 10;
    private static final int ATTRIBUTES_OF_A_DEPARTMENT = 2;
    private static final int TOKEN_LENGTH = 26; // as servers make them
    private static final String SIGNS = "0123456789ABCDEFGHJKMNPQRSTVWXYZ";
    private static final List<String> WORDS = List.of(
            ("green black tea coffee bread milk cheese apple pear rice bean soup organic dark white sweet salted fresh"
                            + " wild oat honey ginger lemon mint cocoa vanilla almond maple tomato basil")
                    .split(" ", -1));

    Stock {
        if (objects < 2 * DEPARTMENTS) {
            throw new IllegalArgumentException("objects: " + objects + " (expected: >= " + 2 * DEPARTMENTS + ")");
        }
    }

    int items() {
        return objects - DEPARTMENTS;
    }

    long attributes() {
        return (long) items() * ATTRIBUTES_OF_AN_ITEM + DEPARTMENTS * ATTRIBUTES_OF_A_DEPARTMENT;
    }

    /// The token of the item of that number, modulo their count.
    String item(long number) {
        return token("01M", number % items());
    }

    private static String token(String begin, long number) {
        var random = new SplittableRandom(number);
        var token = new StringBuilder(begin);
        while (token.length() < TOKEN_LENGTH) {
            token.append(SIGNS.charAt(random.nextInt(SIGNS.length())));
        }
        return token.toString();
    }

    /// As `POST …/import` takes them: one object to a line.
    void write(Path file) throws IOException {
        try (var out = new BufferedOutputStream(Files.newOutputStream(file))) {
            for (var i = 0; i < objects; i++) {
                var line = "{\"object\":\"" + token(i) + "\",\"type\":\"" + type(i) + "\",\"attributes\":["
                        + attributes(i) + "]}\n";
                out.write(line.getBytes(StandardCharsets.UTF_8));
            }
        }
    }

    /// As bodies of `POST …/writes`, of so many objects each.
    List<byte[]> writes(int each, String marked) {
        var bodies = new ArrayList<byte[]>();
        for (var from = 0; from < objects; from += each) {
            var body = new StringBuilder("{\"reason\":\"bench\",\"operations\":[");
            for (var i = from; i < Math.min(from + each, objects); i++) {
                body.append(i == from ? "" : ",")
                        .append("{\"op\":\"put\",\"create\":true,\"object\":\"")
                        .append(token(i))
                        .append(marked)
                        .append("\",\"type\":\"")
                        .append(type(i))
                        .append("\",\"set\":[")
                        .append(attributes(i))
                        .append("]}");
            }
            bodies.add(body.append("]}").toString().getBytes(StandardCharsets.UTF_8));
        }
        return bodies;
    }

    private static String token(int object) {
        return object < DEPARTMENTS ? token("01D", object) : token("01M", object - DEPARTMENTS);
    }

    private static String type(int object) {
        return object < DEPARTMENTS ? "retail.department" : "retail.item";
    }

    private static String attributes(int object) {
        if (object < DEPARTMENTS) {
            return attribute("department.name", "\"Department " + object + "\"") + ","
                    + attribute("department.number", Integer.toString(object + 1));
        }
        var item = object - DEPARTMENTS;
        var random = new SplittableRandom(item + 1L);
        var price = random.nextInt(50, 5_000);
        return String.join(
                ",",
                attribute("item.name", "\"" + word(random) + " " + word(random) + " no. " + item + "\""),
                attribute("item.barcode", "\"" + (2_000_000_000_000L + item * 7L) + "\""),
                attribute("item.brand", "\"Brand " + random.nextInt(300) + "\""),
                attribute("item.size", "\"" + random.nextInt(1, 20) * 50 + " g\""),
                attribute("item.note", "\"on the " + word(random) + " shelf\""),
                attribute("item.price", money(price)),
                attribute("item.cost", money(price * 2L / 3)),
                attribute("item.department", "\"" + token("01D", random.nextInt(DEPARTMENTS)) + "\""),
                attribute("item.foodstamp", Boolean.toString(random.nextBoolean())),
                attribute("item.tax", Integer.toString(random.nextInt(3))));
    }

    private static String word(SplittableRandom random) {
        return WORDS.get(random.nextInt(WORDS.size()));
    }

    private static String attribute(String name, String value) {
        return "{\"attribute\":\"retail." + name + "\",\"value\":" + value + "}";
    }

    private static String money(long cents) {
        return "{\"amount\":" + cents + ",\"currency\":\"USD\"}";
    }

    /// The body of a write that changes the price of each of these items.
    static byte[] prices(List<String> items, long cents) {
        var body = new StringBuilder("{\"reason\":\"bench\",\"operations\":[");
        for (var i = 0; i < items.size(); i++) {
            body.append(i == 0 ? "" : ",")
                    .append("{\"op\":\"put\",\"object\":\"")
                    .append(items.get(i))
                    .append("\",\"set\":[")
                    .append(attribute("item.price", money(cents)))
                    .append("]}");
        }
        return body.append("]}").toString().getBytes(StandardCharsets.UTF_8);
    }
}
