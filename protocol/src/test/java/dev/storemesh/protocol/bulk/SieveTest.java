package dev.storemesh.protocol.bulk;

import static org.assertj.core.api.Assertions.assertThat;

import dev.storemesh.protocol.schema.Violation;
import dev.storemesh.protocol.schema.Violation.Code;
import java.util.List;
import org.junit.jupiter.api.Test;

class SieveTest {
    private static final List<BulkLine> LINES =
            List.of(Lines.line(1, "a", "later"), Lines.line(2, "b", "a"), Lines.line(3, "c", "b"), Lines.line(4, "d"));

    private static Violation violation(Code code, String object) {
        return Violation.of(code, object, "no");
    }

    @Test
    void aLineThatOnlyMissesAnotherIsHeldWithAllThatMentionIt() {
        var parted = Sieve.part(LINES, List.of(violation(Code.UNKNOWN_REFERENCE, "a")));
        assertThat(Lines.names(parted.held())).containsExactly("a", "b", "c");
        assertThat(Lines.names(parted.again())).containsExactly("d");
        assertThat(parted.refused()).isEmpty();
    }

    @Test
    void aLineThatIsWrongIsRefusedAndThoseThatMentionItAreHeld() {
        var parted = Sieve.part(
                LINES, List.of(violation(Code.UNKNOWN_REFERENCE, "b"), violation(Code.WRONG_VALUE_TYPE, "b")));
        assertThat(parted.refused()).singleElement().satisfies(refused -> {
            assertThat(refused.number()).contains(2L);
            assertThat(refused.code()).isEqualTo("unknown_reference");
            assertThat(refused.violations()).hasSize(2);
        });
        assertThat(Lines.names(parted.held())).containsExactly("c");
        assertThat(Lines.names(parted.again())).containsExactly("a", "d");
    }

    @Test
    void aValueThatAnotherHoldsMayBecomeFree() {
        assertThat(Lines.names(Sieve.part(LINES, List.of(violation(Code.NOT_UNIQUE, "d")))
                        .held()))
                .containsExactly("d");
    }

    @Test
    void theLastAreHeldByNothing() {
        var parted = Sieve.partLast(LINES, List.of(violation(Code.UNKNOWN_REFERENCE, "a")));
        assertThat(parted.held()).isEmpty();
        assertThat(parted.refused()).hasSize(1);
        assertThat(Lines.names(parted.again())).containsExactly("b", "c", "d");
    }

    @Test
    void whatIsWrongWithOthersIsTold() {
        var parted = Sieve.part(LINES, List.of(violation(Code.DEFINITION_IN_USE, "somebody")));
        assertThat(parted.isFewer()).isFalse();
        assertThat(parted.strange()).hasSize(1);
        assertThat(parted.again()).isEqualTo(LINES);
    }
}
