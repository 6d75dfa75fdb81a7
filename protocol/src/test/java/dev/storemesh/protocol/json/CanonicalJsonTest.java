package dev.storemesh.protocol.json;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import dev.storemesh.protocol.Seeds;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Collections;
import java.util.Random;
import java.util.SplittableRandom;
import org.junit.jupiter.api.Test;

/// RFC 8785, for values without fractions.
final class CanonicalJsonTest {
    private static String canonical(String json) {
        return CanonicalJson.text(Json.parse(json));
    }

    /// The example of section 3.2.3: by UTF-16 code units, in which U+1F600 comes before U+FB33.
    @Test
    void sortsNamesByUtf16Units() {
        assertThat(canonical("""
                {"\\u20ac": "Euro Sign", "\\r": "Carriage Return", "\\ufb33": "Hebrew Letter Dalet With Dagesh",
                 "1": "One", "\\ud83d\\ude00": "Emoji: Grinning Face", "\\u0080": "Control",
                 "\\u00f6": "Latin Small Letter O With Diaeresis"}"""))
                .isEqualTo("{\"\\r\":\"Carriage Return\",\"1\":\"One\",\"\u0080\":\"Control\","
                        + "\"ö\":\"Latin Small Letter O With Diaeresis\",\"€\":\"Euro Sign\","
                        + "\"\uD83D\uDE00\":\"Emoji: Grinning Face\","
                        + "\"\uFB33\":\"Hebrew Letter Dalet With Dagesh\"}");
    }

    /// Section 3.2.2.2, with its example string.
    @Test
    void escapesOnlyWhatMustBe() {
        assertThat(canonical("\"\\u20ac$\\u000F\\u000aA'\\u0042\\u0022\\u005c\\\\\\\"\\/\""))
                .isEqualTo("\"€$\\u000f\\nA'B\\\"\\\\\\\\\\\"/\"");
        assertThat(canonical("\"\\b\\t\\n\\f\\r\\u0001\\u001f\\u007f\\u2028\""))
                .isEqualTo("\"\\b\\t\\n\\f\\r\\u0001\\u001f\u007f\u2028\"");
    }

    @Test
    void writesNoSpaceAndEveryKindOfValue() {
        assertThat(canonical(" { \"b\" : [ 1 , -2 , true , false , null , { } , [ ] ] , \"a\" : \"\" } "))
                .isEqualTo("{\"a\":\"\",\"b\":[1,-2,true,false,null,{},[]]}");
        assertThat(canonical("[0,-0,9007199254740991,-9007199254740991]"))
                .isEqualTo("[0,0,9007199254740991,-9007199254740991]");
    }

    @Test
    void writesTheSameForEveryWidthOfANumber() {
        var factory = JsonNodeFactory.instance;
        assertThat(CanonicalJson.text(factory.numberNode(5)))
                .isEqualTo(CanonicalJson.text(factory.numberNode(5L)))
                .isEqualTo(CanonicalJson.text(factory.numberNode(java.math.BigInteger.valueOf(5))))
                .isEqualTo("5");
    }

    @Seeds
    void saysTheSameWhateverTheOrderOfFields(long seed) {
        var random = new SplittableRandom(seed);
        var node = random(random, 4);
        var text = CanonicalJson.text(node);
        assertThat(CanonicalJson.text(shuffled(node, new Random(seed)))).isEqualTo(text);
        assertThat(CanonicalJson.text(Json.parse(text))).isEqualTo(text);
        assertThat(new String(CanonicalJson.bytes(node), StandardCharsets.UTF_8))
                .isEqualTo(text);
    }

    private static JsonNode random(SplittableRandom random, int depth) {
        var factory = JsonNodeFactory.instance;
        return switch (random.nextInt(depth == 0 ? 3 : 5)) {
            case 0 -> factory.numberNode(random.nextLong(-1L << 53, 1L << 53));
            case 1 -> factory.booleanNode(random.nextBoolean());
            case 2 -> factory.textNode(text(random));
            case 3 -> {
                var array = factory.arrayNode();
                for (var i = random.nextInt(4); i > 0; i--) {
                    array.add(random(random, depth - 1));
                }
                yield array;
            }
            default -> {
                var object = factory.objectNode();
                for (var i = random.nextInt(6); i > 0; i--) {
                    object.set(text(random), random(random, depth - 1));
                }
                yield object;
            }
        };
    }

    private static String text(SplittableRandom random) {
        var text = new StringBuilder();
        for (var i = random.nextInt(5); i > 0; i--) {
            var point = random.nextBoolean() ? random.nextInt(1, 0x80) : random.nextInt(1, 0x10FFFF);
            text.appendCodePoint(point >= 0xD800 && point < 0xE000 ? 'x' : point);
        }
        return text.toString();
    }

    private static JsonNode shuffled(JsonNode node, Random random) {
        if (node.isArray()) {
            var array = JsonNodeFactory.instance.arrayNode();
            node.forEach(element -> array.add(shuffled(element, random)));
            return array;
        }
        if (!node.isObject()) {
            return node;
        }
        var names = new ArrayList<String>();
        node.fieldNames().forEachRemaining(names::add);
        Collections.shuffle(names, random);
        var object = Json.object();
        names.forEach(name -> object.set(name, shuffled(node.path(name), random)));
        return object;
    }
}
