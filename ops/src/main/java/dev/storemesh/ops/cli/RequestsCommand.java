package dev.storemesh.ops.cli;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.storemesh.ops.api.ApiClient;
import dev.storemesh.ops.api.ApiException;
import dev.storemesh.ops.api.Query;
import dev.storemesh.ops.process.CommandFailed;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.StringJoiner;
import java.util.UUID;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/// `storemesh requests`: the change requests of stores, at HQ or in a store's own queue.
@Command(name = "requests", description = "Change requests of stores: list, show, decide them, take them back.")
public final class RequestsCommand {
    private static final String PAGE_LIMIT = "1000";

    @Command(description = "List change requests, oldest first.")
    int list(
            @Mixin ClientOptions client,
            @Option(names = "--status", paramLabel = "STATUS", description = "Only those, such as waiting.")
                    Optional<String> status,
            @Option(names = "--store", paramLabel = "ID", description = "Only those of one store.")
                    Optional<String> store)
            throws CommandFailed, ApiException, InterruptedException {
        var requests = all(client, client.connect(), status, store);
        var table = new TextTable("CHANGE REQUEST", "STORE", "STATUS", "QUEUED", "REQUESTER", "ASKS FOR", "REASON");
        for (var request : requests.path("changeRequests")) {
            table.add(
                    TextTable.field(request, "changeRequest"),
                    TextTable.field(request, "store"),
                    TextTable.field(request, "status"),
                    TextTable.field(request, "queuedAt"),
                    TextTable.field(request, "requester"),
                    brief(request.path("operations")),
                    TextTable.field(request, "reason"));
        }
        return client.print(requests, table.lines());
    }

    @Command(description = "Show one change request with all that it asks for.")
    int show(@Mixin ClientOptions client, @Parameters(paramLabel = "ID") String id)
            throws CommandFailed, ApiException, InterruptedException {
        var query = Query.of("change-requests", id).with("catalog", client.catalog());
        var request = client.connect().get(query).body();
        return client.print(request, Fields.lines(request));
    }

    @Command(description = "Approve a change request: HQ makes its changes.")
    int approve(
            @Mixin ClientOptions client,
            @Parameters(paramLabel = "ID") String id,
            @Option(
                            names = "--seen",
                            paramLabel = "VERSION",
                            description =
                                    "The catalog version you looked at: what changed since is told, not overwritten.")
                    Optional<Long> seen,
            @Option(names = "--reason", paramLabel = "TEXT", description = "Why; stands in the log.")
                    Optional<String> reason)
            throws CommandFailed, ApiException, InterruptedException {
        var body = JsonNodeFactory.instance.objectNode();
        seen.ifPresent(version -> body.put("version", version));
        reason.ifPresent(text -> body.put("reason", text));
        return decide(client, id, "approve", body);
    }

    @Command(description = "Reject a change request.")
    int reject(
            @Mixin ClientOptions client,
            @Parameters(paramLabel = "ID") String id,
            @Option(names = "--reason", paramLabel = "TEXT", description = "Why; the store is told.")
                    Optional<String> reason)
            throws CommandFailed, ApiException, InterruptedException {
        var body = JsonNodeFactory.instance.objectNode();
        reason.ifPresent(text -> body.put("reason", text));
        return decide(client, id, "reject", body);
    }

    @Command(name = "approve-all", description = "Approve many, oldest first; what cannot be is told and passed over.")
    int approveAll(@Mixin ClientOptions client, @Mixin Chosen chosen)
            throws CommandFailed, ApiException, InterruptedException {
        return decideAll(client, chosen, "approve");
    }

    @Command(name = "reject-all", description = "Reject many, oldest first.")
    int rejectAll(@Mixin ClientOptions client, @Mixin Chosen chosen)
            throws CommandFailed, ApiException, InterruptedException {
        return decideAll(client, chosen, "reject");
    }

    /// Which of them.
    static final class Chosen {
        @Option(names = "--status", paramLabel = "STATUS", description = "waiting or conflicted (default: waiting).")
        private Optional<String> status = Optional.empty();

        @Option(names = "--store", paramLabel = "ID", description = "Only those of one store.")
        private Optional<String> store = Optional.empty();

        @Option(names = "--requester", paramLabel = "NAME", description = "Only those of one person.")
        private Optional<String> requester = Optional.empty();

        @Option(names = "--definition", paramLabel = "NAME", description = "Only those that change nothing else.")
        private Optional<String> definition = Optional.empty();

        @Option(names = "--reason", paramLabel = "TEXT", description = "Why; stands in the log.")
        private Optional<String> reason = Optional.empty();

        private ObjectNode body(String catalog) {
            var body = JsonNodeFactory.instance.objectNode().put("catalog", catalog);
            status.ifPresent(text -> body.put("status", text));
            store.ifPresent(text -> body.put("store", text));
            requester.ifPresent(text -> body.put("requester", text));
            definition.ifPresent(text -> body.put("definition", text));
            reason.ifPresent(text -> body.put("reason", text));
            return body;
        }
    }

    /// Goes on where the last answer says, until there is nothing left to look at.
    private static int decideAll(ClientOptions client, Chosen chosen, String verb)
            throws CommandFailed, ApiException, InterruptedException {
        var body = chosen.body(client.neededCatalog()).put("decision", verb);
        var api = client.connect();
        var sum = JsonNodeFactory.instance.objectNode();
        var refused = sum.putArray("refused");
        var table = new TextTable("LEFT UNDECIDED", "BECAUSE");
        var decided = 0;
        JsonNode answer;
        do {
            answer = api.post(Query.of("change-request-decisions"), body, "cli-" + UUID.randomUUID())
                    .body();
            decided += answer.path("decided").asInt();
            for (var one : answer.path("refused")) {
                refused.add(one);
                table.add(
                        TextTable.field(one, "changeRequest"),
                        TextTable.field(one, "code") + ": " + TextTable.field(one, "detail"));
            }
            if (answer.path("more").asBoolean() && answer.path("next").equals(body.path("after"))) {
                throw new CommandFailed(decided + " decided; then HQ was too busy: try again.");
            }
            body.set("after", answer.path("next"));
        } while (answer.path("more").asBoolean());
        sum.put("decided", decided);
        var lines = new ArrayList<String>();
        lines.add(decided + " decided.");
        if (!refused.isEmpty()) {
            lines.addAll(table.lines());
        }
        return client.print(sum, lines);
    }

    @Command(description = "Say something about a change request.")
    int comment(
            @Mixin ClientOptions client,
            @Parameters(paramLabel = "ID") String id,
            @Parameters(paramLabel = "TEXT") String text)
            throws CommandFailed, ApiException, InterruptedException {
        var body = JsonNodeFactory.instance.objectNode().put("text", text);
        var query = Query.of("change-requests", id, "comments").with("catalog", client.catalog());
        var answer =
                client.connect().post(query, body, "cli-" + UUID.randomUUID()).body();
        return client.print(answer, List.of("Said, by version " + TextTable.field(answer, "version") + "."));
    }

    @Command(description = "Take a request back, at its store or at HQ.")
    int withdraw(
            @Mixin ClientOptions client,
            @Parameters(paramLabel = "ID") String id,
            @Option(names = "--reason", paramLabel = "TEXT", description = "Why; stands in the log.")
                    Optional<String> reason)
            throws CommandFailed, ApiException, InterruptedException {
        var body = JsonNodeFactory.instance.objectNode();
        reason.ifPresent(text -> body.put("reason", text));
        var query = Query.of("change-requests", id, "withdraw").with("catalog", client.catalog());
        var answer =
                client.connect().post(query, body, "cli-" + UUID.randomUUID()).body();
        var sentence = answer.has("withdraws")
                ? "Asked back by " + TextTable.field(answer, "changeRequest") + ", which is "
                        + TextTable.field(answer, "status") + "."
                : TextTable.field(answer, "changeRequest") + " is " + TextTable.field(answer, "status") + ".";
        return client.print(answer, List.of(sentence));
    }

    private static int decide(ClientOptions client, String id, String verb, ObjectNode body)
            throws CommandFailed, ApiException, InterruptedException {
        var query = Query.of("change-requests", id, verb).with("catalog", client.catalog());
        var answer =
                client.connect().post(query, body, "cli-" + UUID.randomUUID()).body();
        var again = answer.path("replayed").asBoolean() ? " (it was before)" : "";
        var sentence = TextTable.field(answer, "changeRequest") + " is " + TextTable.field(answer, "status")
                + ", by version " + TextTable.field(answer, "version") + again + ".";
        return client.print(answer, List.of(sentence));
    }

    private static ObjectNode all(ClientOptions client, ApiClient api, Optional<String> status, Optional<String> store)
            throws ApiException, InterruptedException {
        var requests = JsonNodeFactory.instance.objectNode();
        ArrayNode list = requests.putArray("changeRequests");
        Optional<String> next = Optional.empty();
        do {
            var query = Query.of("change-requests")
                    .with("catalog", client.catalog())
                    .with("status", status)
                    .with("store", store)
                    .with("limit", PAGE_LIMIT)
                    .with("page", next);
            var page = api.get(query).body();
            page.path("changeRequests").forEach(list::add);
            requests.set("version", page.path("version"));
            next = Optional.ofNullable(page.get("next")).map(JsonNode::asText);
        } while (next.isPresent());
        return requests;
    }

    /// Such as `put upc-0001 retail.item.price; delete upc-0002`.
    private static String brief(JsonNode operations) {
        var parts = new StringJoiner("; ");
        for (var operation : operations) {
            var part = new StringJoiner(" ");
            part.add(TextTable.field(operation, "op")).add(TextTable.field(operation, "object"));
            operation.path("set").forEach(row -> part.add(TextTable.field(row, "attribute")));
            operation.path("unset").forEach(row -> part.add("-" + TextTable.field(row, "attribute")));
            parts.add(part.toString());
        }
        return parts.toString();
    }
}
