package dev.storemesh.persistence.codec;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.storemesh.protocol.value.DefinitionName;
import dev.storemesh.protocol.value.LocationId;
import dev.storemesh.protocol.value.ObjectToken;
import dev.storemesh.protocol.value.Slot;
import java.time.Instant;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.Random;
import java.util.function.Consumer;
import java.util.function.Function;
import java.util.stream.IntStream;
import java.util.zip.Deflater;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;

class RowFormatTest {
    private static final Slot PRICE =
            new Slot(new DefinitionName("retail.item.price"), Optional.of(new LocationId("store-1")));

    @ParameterizedTest
    @ValueSource(longs = {0, 1, 127, 128, 16383, 16384, Integer.MAX_VALUE, 1L << 53, Long.MAX_VALUE})
    void numbersComeBack(long number) {
        assertThat(read(row(out -> out.number(number)), RowReader::number)).isEqualTo(number);
        assertThat(read(row(out -> out.signed(number)), RowReader::signed)).isEqualTo(number);
        assertThat(read(row(out -> out.signed(~number)), RowReader::signed)).isEqualTo(~number);
    }

    @Test
    void smallNumbersTakeOneByteWhateverTheirSign() {
        assertThat(row(out -> out.signed(-64))).hasSize(2);
        assertThat(row(out -> out.signed(63))).hasSize(2);
        assertThat(row(out -> out.number(127))).hasSize(2);
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "tea", "Grüner Tee", "茶", "🍵", "\u0000", "\uffff"})
    void textsComeBack(String text) {
        assertThat(read(row(out -> out.text(text)), RowReader::text)).isEqualTo(text);
    }

    @Test
    void refusesToWriteHalfACharacter() {
        assertThatThrownBy(() -> row(out -> out.text("\ud83c"))).isInstanceOf(IllegalArgumentException.class);
    }

    @Test
    void refusesToRoundAnInstant() {
        var micros = Instant.parse("2026-01-31T08:00:00.000001Z");
        assertThatThrownBy(() -> row(out -> out.instant(micros))).isInstanceOf(IllegalArgumentException.class);
    }

    @ParameterizedTest
    @ValueSource(strings = {"00000000000000000000000000", "7ZZZZZZZZZZZZZZZZZZZZZZZZZ", "01JD6ZK8Q0ABCDEFGHJKMNPQRS"})
    void ulidsTakeSixteenBytes(String token) {
        var row = row(out -> out.token(new ObjectToken(token)));
        assertThat(row).hasSize(1 + 1 + 16);
        assertThat(read(row, RowReader::token)).isEqualTo(new ObjectToken(token));
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "01jd6zk8q0abcdefghjkmnpqrs", // the same 128 bits as in capitals, but another token
                "8ZZZZZZZZZZZZZZZZZZZZZZZZZ", // 130 bits
                "01JD6ZK8Q0ABCDEFGHJKMNPQRU", // not a digit of Crockford's
                "01JD6ZK8Q0ABCDEFGHJKMNPQR~",
                "cr-store-1-7",
                "x"
            })
    void tokensThatOnlyLookLikeUlidsComeBackAsTheyWere(String token) {
        var row = row(out -> out.token(new ObjectToken(token)));
        assertThat(read(row, RowReader::token)).isEqualTo(new ObjectToken(token));
    }

    @Test
    void whatRepeatsTakesOneByte() {
        var once = row(out -> writeBoth(out, 1));
        var thrice = row(out -> writeBoth(out, 3));
        assertThat(thrice).hasSize(once.length + 2 + 2);
        RowReader.read(thrice, in -> {
            for (int i = 0; i < 3; i++) {
                assertThat(ValueCodec.slot(in)).isEqualTo(PRICE);
                assertThat(in.token()).isEqualTo(new ObjectToken("tea"));
            }
            return List.of();
        });
    }

    private static void writeBoth(RowWriter out, int times) {
        for (int i = 0; i < times; i++) {
            ValueCodec.write(out, PRICE);
            out.token(new ObjectToken("tea"));
        }
    }

    @Test
    void refusesARowCutOffAnywhere() {
        var row = row(out -> writeBoth(out, 2));
        for (int length = 0; length < row.length; length++) {
            assertUnreadable(
                    Arrays.copyOf(row, length),
                    in -> List.of(ValueCodec.slot(in), in.token(), ValueCodec.slot(in), in.token()));
        }
    }

    @Test
    void refusesARowThatGoesOn() {
        assertUnreadable(row(out -> out.number(5)), in -> 0, "damaged row at byte 1: 1 bytes too many");
    }

    @Test
    void refusesANewerFormat() {
        assertUnreadable(new byte[] {3, 0}, RowReader::number, "format version: 3 (expected: at most 2)");
    }

    @ParameterizedTest
    @EnumSource
    void aLongRowIsPackedAndComesBack(Packed.Effort effort) {
        var row = longRow();
        var packed = Packed.pack(row, effort);

        assertThat(packed).startsWith(2).hasSizeLessThan(row.length / 2);
        List<String> back = read(packed, in -> in.list(in::text));
        assertThat(back).isEqualTo(TEXTS);
    }

    @Test
    void aRowThatWouldNotGetShorterStaysAsItIs() {
        var random = new byte[2_000];
        new Random(1).nextBytes(random);
        var noise = row(out -> out.raw(random));
        var brief = row(out -> out.text("tea ".repeat(100)));
        assertThat(Packed.pack(noise, Packed.Effort.MORE)).isSameAs(noise);
        assertThat(Packed.pack(brief, Packed.Effort.MORE)).isSameAs(brief);
    }

    @Test
    void aRowThatReadersWouldTakeForABombIsNotPacked() {
        var row = row(out -> out.text(" ".repeat(100_000)));
        assertThat(Packed.pack(row, Packed.Effort.MORE)).isSameAs(row);
    }

    @Test
    void refusesBombsBeforeItAllocates() {
        var bomb = packed(100_000_000, new byte[50]);
        assertUnreadable(
                bomb,
                RowReader::text,
                "damaged row: 55 bytes that say they hold 100000000 (expected: at most 32 times as many)");
        var truthful = deflated(new byte[1_000_000]);
        assertUnreadable(packed(1_000_000, truthful), RowReader::text);
        assertUnreadable(packed(30 * truthful.length, truthful), RowReader::text); // and goes on after that
    }

    @Test
    void refusesPackedRowsThatAreDamaged() {
        var body = Arrays.copyOfRange(longRow(), 1, longRow().length);
        var packed = deflated(body);
        List<String> back = read(packed(body.length, packed), in -> in.list(in::text));
        assertThat(back).isEqualTo(TEXTS);

        assertUnreadable(packed(body.length - 1, packed), in -> in.list(in::text));
        assertUnreadable(packed(body.length + 1, packed), in -> in.list(in::text));
        assertUnreadable(packed(body.length, Arrays.copyOf(packed, packed.length + 1)), in -> in.list(in::text));
        for (int length = 0; length < packed.length; length++) {
            assertUnreadable(packed(body.length, Arrays.copyOf(packed, length)), in -> in.list(in::text));
        }
        var noBlock = packed.clone();
        noBlock[0] |= 6; // a kind of block that there is not
        assertUnreadable(packed(body.length, noBlock), in -> in.list(in::text));
    }

    private static final List<String> TEXTS =
            IntStream.range(0, 200).mapToObj(i -> "tea no. " + i).toList();

    private static byte[] longRow() {
        return row(out -> out.list(TEXTS, out::text));
    }

    private static byte[] deflated(byte[] body) {
        var deflater = new Deflater(6, true);
        deflater.setInput(body);
        deflater.finish();
        var packed = new byte[body.length + 100];
        var length = deflater.deflate(packed);
        deflater.end();
        return Arrays.copyOf(packed, length);
    }

    /// A row of format 2 that says so much of itself.
    private static byte[] packed(int length, byte[] deflated) {
        var head = row(out -> out.number(length));
        var row = Arrays.copyOf(head, head.length + deflated.length);
        row[0] = 2;
        System.arraycopy(deflated, 0, row, head.length, deflated.length);
        return row;
    }

    @Test
    void refusesLengthsPastTheEndBeforeItAllocates() {
        var huge = row(out -> out.number(Long.MAX_VALUE));
        assertUnreadable(huge, RowReader::text);
        assertUnreadable(huge, in -> in.list(in::flag));
    }

    @Test
    void refusesNumbersThatNoWriterWrites() {
        var bits65 = new byte[] {1, -1, -1, -1, -1, -1, -1, -1, -1, -1, 2};
        var endless = new byte[] {1, -1, -1, -1, -1, -1, -1, -1, -1, -1, -1, 0};
        var negative = new byte[] {1, -1, -1, -1, -1, -1, -1, -1, -1, -1, 1};
        assertUnreadable(bits65, RowReader::signed);
        assertUnreadable(endless, RowReader::signed);
        assertUnreadable(negative, RowReader::number);
    }

    @Test
    void refusesWhatWasNeverShared() {
        assertUnreadable(row(out -> out.number(9)), ValueCodec::slot);
        assertUnreadable(row(out -> out.number(9)), RowReader::token);
        assertUnreadable(row(out -> out.number(Long.MAX_VALUE)), RowReader::token);
        var aTypeForASlot = row(out -> {
            ValueCodec.writeShared(out, "retail");
            out.number(1);
        });
        assertUnreadable(aTypeForASlot, in -> List.of(ValueCodec.sharedText(in), ValueCodec.slot(in)));
    }

    @Test
    void refusesWhatTheTypesThemselvesRefuse() {
        assertUnreadable(
                row(out -> {
                    out.number(1);
                    out.text("not a token");
                }),
                RowReader::token);
    }

    @Test
    void refusesTextThatIsNotUtf8() {
        assertUnreadable(new byte[] {1, 2, (byte) 0xc3, 0x28}, RowReader::text);
    }

    @Test
    void refusesFlagsThatAreNeither() {
        assertUnreadable(new byte[] {1, 2}, RowReader::flag);
    }

    @Test
    void anOptionalThatNeedsAnotherTakesNoByteOfItsOwn() {
        for (var present : List.of(List.<String>of(), List.of("console"), List.of("console", "Zoë"))) {
            var row = row(out -> out.leading(present, out::text));
            List<String> back = read(row, in -> in.leading(2, in::text));
            assertThat(back).isEqualTo(present);
        }
        assertThat(row(out -> out.leading(List.of("console"), out::text)))
                .isEqualTo(row(out -> out.optional(Optional.of("console"), out::text)));
        assertThat(row(out -> out.leading(List.<String>of(), out::text)))
                .isEqualTo(row(out -> out.optional(Optional.<String>empty(), out::text)));
        assertUnreadable(new byte[] {1, 3, 0, 0, 0}, in -> in.leading(2, in::text));
        assertUnreadable(new byte[] {1, 2, 0}, in -> in.leading(2, in::text));
    }

    private static byte[] row(Consumer<RowWriter> write) {
        var out = new RowWriter();
        write.accept(out);
        return out.toBytes();
    }

    private static <T> T read(byte[] row, Function<RowReader, T> body) {
        return RowReader.read(row, body);
    }

    private static void assertUnreadable(byte[] row, Function<RowReader, ?> body) {
        assertThatThrownBy(() -> RowReader.read(row, body)).isInstanceOf(UnreadableRowException.class);
    }

    private static void assertUnreadable(byte[] row, Function<RowReader, ?> body, String message) {
        assertThatThrownBy(() -> RowReader.read(row, body))
                .isInstanceOf(UnreadableRowException.class)
                .hasMessage(message);
    }
}
