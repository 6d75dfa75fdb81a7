package dev.storemesh.protocol.bulk;

import static org.assertj.core.api.Assertions.assertThat;

import dev.storemesh.protocol.catalog.Effects;
import dev.storemesh.protocol.json.Json;
import dev.storemesh.protocol.schema.Violation;
import dev.storemesh.protocol.schema.Violation.Code;
import dev.storemesh.protocol.value.ObjectToken;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

class BulkTallyTest {
    private final BulkTally tally = new BulkTally();

    private static RefusedLine refused(long number, String message) {
        return new RefusedLine(Optional.of(number), "a", "duplicate_object", message, List.of());
    }

    @Test
    void eachLineIsCountedOnceByWhatBecameOfIt() {
        tally.read(3);
        tally.read(4);
        tally.staged(4, new Effects(2, 1, 0));
        tally.staged(2, Effects.NONE);
        tally.staged(0, new Effects(0, 0, 5));
        assertThat(tally.hasRefused()).isFalse();
        tally.refuse(refused(7, "no"));
        assertThat(tally.hasRefused()).isTrue();
        assertThat(tally.counts()).isEqualTo(new BulkCounts(7, 2, 1, 3, 5, 1));
    }

    @Test
    void refusedLinesAreToldInTheOrderOfTheFileAndDeletionsLast() {
        var unknown = Violation.of(Code.UNKNOWN_REFERENCE, "b", "There is no object c.");
        tally.refuse(RefusedLine.of(Optional.empty(), "gone", List.of(Violation.of(Code.REFERENCED, "gone", "No."))));
        tally.refuse(RefusedLine.of(Lines.line(9, "b", "c"), List.of(unknown)));
        tally.refuse(RefusedLine.of(Lines.line(2, "a"), "duplicate_object", "Line 1 is about a, too."));
        assertThat(tally.refusedLines()).hasToString(Json.parse("""
                [{"line":2,"object":"a","code":"duplicate_object","message":"Line 1 is about a, too."},
                 {"line":9,"object":"b","code":"unknown_reference","message":"There is no object c.","violations":[
                   {"code":"unknown_reference","object":"b","message":"There is no object c."}]},
                 {"object":"gone","code":"referenced","message":"No.","violations":[
                   {"code":"referenced","object":"gone","message":"No."}]}]""").toString());
    }

    @Test
    void theFirstOfManyRefusedLinesAreToldAndAllAreCounted() {
        IntStream.rangeClosed(1, BulkTally.TOLD + 1).forEach(number -> tally.refuse(refused(number, "no")));
        assertThat(tally.refusedLines()).hasSize(BulkTally.TOLD);
        assertThat(tally.counts().refused()).isEqualTo(BulkTally.TOLD + 1);
    }

    @Test
    void longMessagesDoNotFillTheMemory() {
        IntStream.rangeClosed(1, 100).forEach(number -> tally.refuse(refused(number, "n".repeat(1 << 20))));
        assertThat(tally.refusedLines()).hasSizeBetween(7, 9);
        assertThat(tally.counts().refused()).isEqualTo(100);
    }

    @Test
    void ofOneLineTheFirstViolationsAreTold() {
        var many = IntStream.range(0, 30)
                .mapToObj(i -> Violation.of(Code.UNKNOWN_REFERENCE, "b", "No. " + i))
                .toList();
        assertThat(RefusedLine.of(Lines.line(1, "b"), many).violations()).isEqualTo(many.subList(0, RefusedLine.TOLD));
    }

    @Test
    void countsComeBackFromTheNamesOfAnAnswer() {
        var counts = new BulkCounts(6_000_000_000L, 1, 2, 3, 4, 5);
        assertThat(BulkCounts.of(counts.names())).isEqualTo(counts);
        assertThat(BulkCounts.of(Map.of("created", new ObjectToken("2")))).isEqualTo(new BulkCounts(0, 2, 0, 0, 0, 0));
        var json = Json.object();
        counts.write(json);
        assertThat(json)
                .hasToString("{\"lines\":6000000000,\"created\":1,\"changed\":2,\"unchanged\":3,"
                        + "\"deleted\":4,\"refused\":5}");
    }
}
