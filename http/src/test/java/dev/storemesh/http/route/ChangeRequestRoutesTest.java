package dev.storemesh.http.route;

import static org.assertj.core.api.Assertions.assertThat;

import dev.storemesh.protocol.catalog.Answer;
import dev.storemesh.protocol.catalog.ChangeRequestPort.Requests;
import dev.storemesh.protocol.catalog.ChangeRequestPort.RequestsQuery;
import dev.storemesh.protocol.catalog.Reading;
import dev.storemesh.protocol.catalog.Refusal;
import dev.storemesh.protocol.change.ChangeRequest;
import dev.storemesh.protocol.change.Conflict;
import dev.storemesh.protocol.change.RequestId;
import dev.storemesh.protocol.change.Status;
import dev.storemesh.protocol.log.HistoryId;
import dev.storemesh.protocol.log.Provenance;
import dev.storemesh.protocol.log.Version;
import dev.storemesh.protocol.value.DefinitionName;
import dev.storemesh.protocol.value.ObjectToken;
import dev.storemesh.protocol.value.Slot;
import dev.storemesh.protocol.value.StoreId;
import dev.storemesh.protocol.value.Value;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class ChangeRequestRoutesTest extends WithApi {
    private static final String REQUESTS = "/api/v1/change-requests";
    private static final String DECISIONS = "/api/v1/change-request-decisions";
    private static final RequestId ID = new RequestId("cr-01JNZ8Q4T3V9XK2M7B5D6F8G0H");
    private static final Version V7 = new Version(7);
    private static final StoreId STORE = new StoreId("store-1");

    private static ChangeRequest request(Status status) {
        return new ChangeRequest(
                ID,
                STORE,
                status,
                1,
                4,
                V7,
                "[{\"op\":\"delete\",\"object\":\"tea\"}]",
                "till",
                Optional.of("sold out"),
                Instant.EPOCH,
                Optional.of(V7),
                Optional.of(Instant.EPOCH),
                Optional.of(new ChangeRequest.Decision("desk", Instant.EPOCH, Optional.of("yes"))),
                Optional.empty());
    }

    private void answers(Answer answer) {
        ports.answer = CompletableFuture.completedStage(answer);
    }

    @Test
    void listsInPages() {
        ports.requests = new Reading.Found<>(V7, new Requests(List.of(request(Status.WAITING)), true));
        var first = get("reader", REQUESTS + "?status=waiting&store=store-1&limit=1");
        assertThat(first.outcome()).isEqualTo("200");
        assertThat(first.headers()).containsEntry("Storemesh-Version", "7");
        assertThat(ports.asked)
                .endsWith(new RequestsQuery(
                        Optional.of(Status.WAITING), Optional.of(STORE), Optional.empty(), Optional.empty(), 1));
        get("reader", REQUESTS + "?page=" + first.body().path("next").asText());
        assertThat(ports.asked)
                .endsWith(new RequestsQuery(
                        Optional.of(Status.WAITING), Optional.of(STORE), Optional.of(V7), Optional.of(ID), 100));
    }

    @Test
    void whoSeesAllCatalogsMustNameOne() {
        assertThat(get("approver", REQUESTS).named()).isEqualTo("400 invalid_parameter catalog");
        assertThat(get("reader", REQUESTS + "?catalog=other").outcome()).isEqualTo("404 unknown_catalog");
        assertThat(ports.asked).isEmpty();
        ports.requests = new Reading.Found<>(V7, new Requests(List.of(), false));
        assertThat(get("approver", REQUESTS + "?catalog=demo").outcome()).isEqualTo("200");
    }

    @Test
    void parametersThatMakeNoSenseAreNamed() {
        assertThat(get("reader", REQUESTS + "?status=done").named()).isEqualTo("400 invalid_parameter status");
        assertThat(get("reader", REQUESTS + "?store=A").named()).isEqualTo("400 invalid_parameter store");
        assertThat(get("reader", REQUESTS + "?page=x").named()).isEqualTo("400 bad_page_token page");
    }

    @Test
    void showsOneInEveryStatus() {
        for (var status : Status.values()) {
            ports.request = new Reading.Found<>(V7, request(status));
            assertThat(get("reader", REQUESTS + "/" + ID).body().path("status").asText())
                    .isEqualTo(status.wireName());
        }
        ports.request = new Reading.Nothing<>(V7);
        assertThat(get("reader", REQUESTS + "/" + ID).outcome()).isEqualTo("404 unknown_change_request");
        assertThat(get("reader", REQUESTS + "/nonsense").outcome()).isEqualTo("404 unknown_change_request");
    }

    /// What a store sent is recorded even where it is no operation, and shown as it came.
    @Test
    void showsWhatCouldNotBeRecorded() {
        var refused = new ChangeRequest(
                ID,
                STORE,
                Status.REFUSED,
                1,
                4,
                V7,
                "[{\"op\":\"explode\"},17]",
                "till",
                Optional.empty(),
                Instant.EPOCH,
                Optional.of(V7),
                Optional.of(Instant.EPOCH),
                Optional.empty(),
                Optional.of("[{\"code\":\"unknown_object\",\"object\":\"tea\",\"message\":\"There is no tea.\"}]"));
        ports.request = new Reading.Found<>(V7, refused);
        assertThat(get("reader", REQUESTS + "/" + ID).body().path("violations")).hasSize(1);
    }

    @Test
    void showsOneThatTakesAnotherBack() {
        var plain = request(Status.WAITING);
        ports.request = new Reading.Found<>(
                V7,
                new ChangeRequest(
                        ID,
                        STORE,
                        Status.QUEUED,
                        1,
                        5,
                        V7,
                        "[]",
                        plain.requester(),
                        plain.reason(),
                        Instant.EPOCH,
                        Optional.empty(),
                        Optional.empty(),
                        Optional.empty(),
                        Optional.empty(),
                        ChangeRequest.Details.queued(Optional.of("clerk"), Optional.of(ID))));
        ports.values = List.of(new Conflict(
                new ObjectToken("tea"),
                Optional.of(new Slot(new DefinitionName("retail.item.name"), Optional.empty())),
                Optional.empty(),
                Optional.of(new Value.Text("Tea")),
                Optional.empty()));
        var shown = get("reader", REQUESTS + "/" + ID).body();
        assertThat(shown.path("withdraws").asText()).isEqualTo(ID.text());
        assertThat(shown.path("requesterRole").asText()).isEqualTo("clerk");
        assertThat(shown.path("values").path(0).path("requested").asText()).isEqualTo("Tea");
    }

    private static final String OFFER = "{'catalog':'demo','epoch':1,'requests':[{'changeRequest':'" + ID
            + "','sequence':4,'base':7,'operations':[],'requester':'till','queuedAt':'2026-03-01T09:30:00.000Z'}]}";

    @Test
    void recordsWhatAStoresLinkOffers() {
        answers(new Answer.Recorded(V7, 1, 4));
        assertThat(post("link", REQUESTS, OFFER).body()).hasToString("{\"version\":7,\"epoch\":1,\"sequence\":4}");
        assertThat(ports.asked).startsWith(Ports.DEMO, STORE, 1L);
        assertThat(ports.asked.getLast()).isEqualTo(Provenance.of("link").withStore(STORE));
    }

    @Test
    void aStoreSaysWhichHistoryItFollows() {
        var history = "01JNZ8Q4T3V9XK2M7B5D6F8G0H";
        answers(Answer.refuse(new Refusal.OtherHistory(V7)));
        var told = OFFER.replace("'epoch':1", "'epoch':1,'history':'" + history + "'");
        assertThat(post("link", REQUESTS, told).outcome()).isEqualTo("409 diverged");
        assertThat(ports.asked.getLast()).isEqualTo(new HistoryId(history));
        assertThat(post("link", REQUESTS, told.replace(history, "x")).named()).isEqualTo("400 invalid_value /history");
    }

    @Test
    void onlyALinkOffersAndOnlyToItsCatalog() {
        for (var token : List.of("operator", "editor", "approver", "reader")) {
            assertThat(post(token, REQUESTS, OFFER).outcome()).isEqualTo("403 forbidden");
        }
        assertThat(post("link", REQUESTS, OFFER.replace("demo", "other")).outcome())
                .isEqualTo("404 unknown_catalog");
        assertThat(ports.asked).isEmpty();
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            quoteCharacter = '~',
            value = {
                "'epoch':1|'epoch':0|invalid_value /epoch",
                "'epoch':1|'epoch':'1'|invalid_value /epoch",
                "'sequence':4|'sequence':0|invalid_value /requests/0/sequence",
                "'base':7|'base':-1|invalid_value /requests/0/base",
                "'requester':'till'|'requester':1|invalid_value /requests/0/requester",
                "'base':7|'bass':7|missing_field /requests/0/base",
                "'catalog':'demo'|'catalog':'demo','x':1|unknown_field /x",
                "000Z'|000'|invalid_value /requests/0/queuedAt"
            })
    void offersThatAreNotOfTheFormAreNamed(String from, String to, String expected) {
        assertThat(post("link", REQUESTS, OFFER.replace(from, to)).named()).isEqualTo("400 " + expected);
        assertThat(ports.asked).isEmpty();
    }

    @Test
    void aGapSaysWhatIsKnown() {
        answers(Answer.refuse(new Refusal.SequenceGap(1, 3)));
        var gap = post("link", REQUESTS, OFFER);
        assertThat(gap.outcome()).isEqualTo("409 sequence_gap");
        assertThat(gap.body().path("sequence").asInt()).isEqualTo(3);
        answers(Answer.refuse(new Refusal.StaleEpoch(2, 0)));
        assertThat(post("link", REQUESTS, OFFER).body().path("epoch").asInt()).isEqualTo(2);
    }

    @Test
    void decisionsNameWhatWasSeenAndWhy() {
        answers(new Answer.Decided(ID, Status.APPROVED, V7, false));
        var approve = REQUESTS + "/" + ID + "/approve?catalog=demo";
        var approved = post("approver", approve, "{'version':6,'reason':'checked'}");
        assertThat(approved.headers()).containsEntry("Storemesh-Version", "7");
        assertThat(approved.body().path("status").asText()).isEqualTo("approved");
        assertThat(ports.asked)
                .containsExactly(
                        Ports.DEMO,
                        ID,
                        Optional.of(new Version(6)),
                        Provenance.of("approver").withReason(Optional.of("checked")));
        answers(new Answer.Decided(ID, Status.APPROVED, V7, true));
        assertThat(post("approver", approve, "").body().path("replayed").asBoolean())
                .isTrue();
        answers(new Answer.Decided(ID, Status.REJECTED, V7, false));
        assertThat(post("approver", approve.replace("approve?", "reject?"), "{}")
                        .body()
                        .path("status")
                        .asText())
                .isEqualTo("rejected");
    }

    @Test
    void decisionsThatAreNotOfTheFormAreNamed() {
        var approve = REQUESTS + "/" + ID + "/approve?catalog=demo";
        assertThat(post("approver", approve, "{'version':-1}").named()).isEqualTo("400 invalid_value /version");
        assertThat(post("approver", approve, "{'version':'6'}").named()).isEqualTo("400 invalid_value /version");
        assertThat(post("approver", approve, "{'because':'x'}").named()).isEqualTo("400 unknown_field /because");
        assertThat(post("approver", approve.replace("approve?", "reject?"), "{'version':1}")
                        .named())
                .isEqualTo("400 unknown_field /version");
        assertThat(post("approver", REQUESTS + "/nonsense/approve?catalog=demo", "")
                        .outcome())
                .isEqualTo("404 unknown_change_request");
        assertThat(post("editor", approve, "").outcome()).isEqualTo("403 forbidden");
        assertThat(ports.asked).isEmpty();
    }

    @Test
    void refusedDecisionsSayWhy() {
        var approve = REQUESTS + "/" + ID + "/approve?catalog=demo";
        var slot = new Slot(new DefinitionName("retail.item.name"), Optional.of(STORE.location()));
        answers(Answer.refuse(new Refusal.Conflicted(List.of(
                new Conflict(
                        new ObjectToken("tea"),
                        Optional.of(slot),
                        Optional.of(new Value.Text("a")),
                        Optional.of(new Value.Text("b")),
                        Optional.of(new Value.Text("c"))),
                new Conflict(
                        new ObjectToken("tea"),
                        Optional.empty(),
                        Optional.empty(),
                        Optional.empty(),
                        Optional.empty())))));
        var conflicted = post("approver", approve, "");
        assertThat(conflicted.outcome()).isEqualTo("409 conflicted");
        assertThat(conflicted.body().path("conflicts").get(0).path("current").asText())
                .isEqualTo("c");
        answers(Answer.refuse(new Refusal.AlreadyDecided(Status.REJECTED, V7)));
        assertThat(post("approver", approve, "").outcome()).isEqualTo("409 already_decided");
        answers(Answer.refuse(new Refusal.HqOnly()));
        assertThat(post("approver", approve, "").outcome()).isEqualTo("409 hq_only");
        answers(Answer.refuse(new Refusal.UnknownRequest()));
        assertThat(post("approver", approve, "").outcome()).isEqualTo("404 unknown_change_request");
    }

    @Test
    void manyAreDecidedOneAfterTheOther() {
        ports.requests = new Reading.Found<>(V7, new Requests(List.of(request(Status.WAITING)), false));
        answers(new Answer.Decided(ID, Status.REJECTED, V7, false));
        var done =
                post("approver", DECISIONS, "{'decision':'reject','catalog':'demo','store':'store-1','reason':'no'}");
        assertThat(done.body()).hasToString("{\"decided\":1,\"refused\":[],\"more\":false}");
        assertThat(ports.asked.getLast()).isEqualTo(Provenance.of("approver").withReason(Optional.of("no")));
        answers(Answer.refuse(new Refusal.OwnRequest()));
        assertThat(post("approver", DECISIONS, "{'decision':'approve','catalog':'demo','version':7}")
                        .body()
                        .path("refused")
                        .path(0)
                        .path("code")
                        .asText())
                .isEqualTo("own_request");
        answers(new Answer.Busy("writes", 5));
        assertThat(post("approver", DECISIONS, "{'decision':'approve','catalog':'demo'}")
                        .body())
                .hasToString("{\"decided\":0,\"refused\":[],\"more\":true}");
    }

    /// Else those that cannot be decided would stand before all others for ever.
    @Test
    void whatCannotBeDecidedIsPassedOverByTheNextCall() {
        ports.requests = new Reading.Found<>(V7, new Requests(List.of(request(Status.WAITING)), true));
        answers(Answer.refuse(new Refusal.OwnRequest()));
        var first = post("approver", DECISIONS, "{'decision':'approve','catalog':'demo','limit':1}")
                .body();
        assertThat(first.path("more").asBoolean()).isTrue();
        assertThat(first.path("next").asText()).isEqualTo(ID.text());
        ports.requests = new Reading.Found<>(V7, new Requests(List.of(), false));
        var rest = post("approver", DECISIONS, "{'decision':'approve','catalog':'demo','after':'" + ID + "'}");
        assertThat(rest.body()).hasToString("{\"decided\":0,\"refused\":[],\"more\":false}");
        assertThat(ports.asked)
                .endsWith(new RequestsQuery(
                        Optional.of(Status.WAITING), Optional.empty(), Optional.empty(), Optional.of(ID), 100));
    }

    @Test
    void whatIsToBeDecidedInBulkIsNamedWell() {
        assertThat(post("approver", DECISIONS, "{'decision':'approve','catalog':'demo','status':'approved'}")
                        .named())
                .isEqualTo("400 invalid_value /status");
        assertThat(post("approver", DECISIONS, "{'decision':'approve','catalog':'demo','limit':1001}")
                        .named())
                .isEqualTo("400 invalid_value /limit");
        assertThat(post("approver", DECISIONS, "{'catalog':'demo','decision':'maybe'}")
                        .named())
                .isEqualTo("400 invalid_value /decision");
        assertThat(post("editor", DECISIONS, "{'decision':'approve','catalog':'demo'}")
                        .outcome())
                .isEqualTo("403 forbidden");
        assertThat(ports.asked).isEmpty();
    }

    @Test
    void ofAnotherAttributeOrRequesterNoneIsMeant() {
        ports.requests = new Reading.Found<>(V7, new Requests(List.of(request(Status.WAITING)), false));
        answers(new Answer.Decided(ID, Status.APPROVED, V7, false));
        for (var filter : List.of("'definition':'retail.item.price'", "'requester':'ann'")) {
            assertThat(post("approver", DECISIONS, "{'decision':'approve','catalog':'demo'," + filter + "}")
                            .body()
                            .path("decided")
                            .asInt())
                    .isZero();
        }
    }

    @Test
    void commentsAreOfSomeLengthAndGoOn() {
        answers(new Answer.Commented(ID, V7));
        assertThat(post("approver", REQUESTS + "/" + ID + "/comments?catalog=demo", "{'text':'why?'}")
                        .body())
                .hasToString("{\"changeRequest\":\"" + ID + "\",\"version\":7}");
        assertThat(post("approver", REQUESTS + "/" + ID + "/comments?catalog=demo", "{'text':' '}")
                        .named())
                .isEqualTo("400 invalid_value /text");
    }

    @Test
    void aRequestIsTakenBackByAnother() {
        var other = new RequestId("cr-01JNZ8Q4T3V9XK2M7B5D6F8G0Z");
        answers(new Answer.Queued(other, Status.QUEUED, Map.of(), V7, false));
        var reply = post("editor", REQUESTS + "/" + ID + "/withdraw?catalog=demo", "{}");
        assertThat(reply.outcome()).isEqualTo("202");
        assertThat(reply.body())
                .hasToString(
                        "{\"changeRequest\":\"" + other + "\",\"status\":\"queued\",\"withdraws\":\"" + ID + "\"}");
        answers(new Answer.Decided(ID, Status.WITHDRAWN, V7, false));
        assertThat(post("editor", REQUESTS + "/" + ID + "/withdraw?catalog=demo", "{}")
                        .body()
                        .path("status")
                        .asText())
                .isEqualTo("withdrawn");
    }
}
