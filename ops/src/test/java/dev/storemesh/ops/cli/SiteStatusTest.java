package dev.storemesh.ops.cli;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import dev.storemesh.protocol.json.Json;
import java.nio.charset.StandardCharsets;
import org.junit.jupiter.api.Test;

final class SiteStatusTest {
    private static final String NODE = "{'site':'hq','role':'hq','ready':true,'nodeVersion':'0.1.0',"
            + "'startedAt':'2026-03-01T12:00:00.000Z','uptimeSeconds':7200,"
            + "'catalogs':[{'catalog':'demo','version':41,'transactionOpen':true}]}";
    private static final String STORE = "{'store':'store-1','catalog':'demo','enrolled':true,'standing':'active',"
            + "'knownSince':'2026-03-01T12:00:00.000Z','lastContactAt':'2026-03-01T13:59:00.000Z','appliedVersion':40,"
            + "'queued':3,'link':'reachable','nodeVersion':'0.1.0','clockOffsetMillis':-42000,'clockAlarm':false,"
            + "'lagVersions':1,'lagSeconds':60}";

    private static JsonNode json(String text) {
        return Json.parse(text.replace('\'', '"').getBytes(StandardCharsets.UTF_8));
    }

    private static SiteStatus hq(String... stores) {
        return SiteStatus.of(json(NODE), json("[" + String.join(",", stores) + "]"));
    }

    @Test
    void isFineWhereAllIs() {
        var status = hq(STORE);
        assertThat(status.isFine()).isTrue();
        assertThat(status.lines())
                .containsExactly(
                        "  WHAT           STATE       DETAIL",
                        "  hq hq          ready       version 0.1.0, up 2 h",
                        "  catalog demo   version 41  a transaction is open",
                        "  store store-1  linked      version 40, behind 1 (60 s), queued 3, clock ok, node 0.1.0");
        assertThat(status.json().path("fine").asBoolean()).isTrue();
        assertThat(status.json().path("stores")).hasSize(1);
    }

    @Test
    void namesEachThingThatIsWrongWithAStore() {
        assertThat(hq(STORE.replace("13:59:00", "13:57:59")).problems())
                .containsExactly("store store-1: not heard since 2026-03-01T13:57:59.000Z");
        assertThat(hq(STORE.replace("'lagSeconds':60", "'lagSeconds':61")
                                .replace("'clockAlarm':false", "'clockAlarm':true")
                                .replace("reachable", "diverged"))
                        .problems())
                .containsExactly("store store-1: diverged", "store store-1: behind", "store store-1: clock");
        var silent = "{'store':'store-1','enrolled':true,'standing':'active','knownSince':'2026-03-01T12:00:00.000Z'}";
        assertThat(hq(silent).problems()).hasSize(1);
        assertThat(hq(silent.replace("12:00:00", "13:59:30")).problems()).isEmpty(); // HQ has just started
    }

    @Test
    void aStoreThatIsKeptOutOrHasNotJoinedIsNothingWrong() {
        assertThat(hq(STORE.replace("'active'", "'suspended'").replace("13:59:00", "12:59:00"))
                        .isFine())
                .isTrue();
        assertThat(hq(STORE.replace("'enrolled':true", "'enrolled':false")).lines())
                .anyMatch(line -> line.contains("not joined yet"));
        assertThat(hq(STORE.replace("'active'", "'removed'")).lines()).hasSize(3);
    }

    @Test
    void aStoreLooksAtItsLink() {
        var store = NODE.replace(
                        "'role':'hq'", "'role':'store','hq':'reachable','clockOffsetMillis':5,'clockAlarm':false")
                .replace("'transactionOpen':true", "'transactionOpen':false,'queued':7");
        assertThat(SiteStatus.of(json(store), json("[]")).lines())
                .contains(
                        "  link to HQ    reachable   clock ok", "  catalog demo  version 41  7 change requests queued");
        var cut = store.replace("'reachable'", "'unreachable'").replace("'ready':true", "'ready':false");
        assertThat(SiteStatus.of(json(cut), json("[]")).problems())
                .containsExactly("store hq: not ready", "link to HQ: unreachable");
    }
}
