package dev.storemesh.ops.cli;

import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import dev.storemesh.ops.api.ApiException;
import dev.storemesh.ops.api.Query;
import dev.storemesh.ops.process.CommandFailed;
import java.time.Duration;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/// `storemesh token`: who may do what at this site.
@Command(name = "token", description = "Bearer tokens: make, list and revoke them.")
public final class TokenCommand {
    /// What a token may do; a store's own credential is made by its enrolment only.
    enum Role {
        OPERATOR,
        EDITOR,
        APPROVER,
        READER,
        LANE,
        CLERK,
        STORE_MANAGER,
        APP,
        AUDITOR;

        /// As the API and the command line spell it.
        @Override
        public String toString() {
            return name().toLowerCase(Locale.ROOT);
        }
    }

    @Command(description = "Make a token. It is shown this once.")
    int create(
            @Mixin ClientOptions client,
            @Option(names = "--name", required = true, paramLabel = "NAME", description = "Who or what holds it.")
                    String name,
            @Option(
                            names = "--role",
                            required = true,
                            paramLabel = "ROLE",
                            description = "One of: ${COMPLETION-CANDIDATES}.")
                    Role role,
            @Option(
                            names = "--app",
                            paramLabel = "APP",
                            description = "The program that holds it, such as com.acme.loyalty.")
                    Optional<String> app,
            @Option(
                            names = "--store",
                            paramLabel = "ID",
                            description = "The only store that it works for, such as store-1; at HQ lane, clerk and "
                                    + "store_manager need one.")
                    Optional<String> store,
            @Option(
                            names = "--valid",
                            paramLabel = "SPAN",
                            converter = SpanConverter.class,
                            description = "Ends after, such as 12h or 30d (default: never).")
                    Optional<Duration> valid)
            throws CommandFailed, ApiException, InterruptedException {
        var body = JsonNodeFactory.instance.objectNode().put("name", name).put("role", role.toString());
        client.catalog().ifPresent(catalog -> body.put("catalog", catalog));
        app.ifPresent(program -> body.put("app", program));
        store.ifPresent(only -> body.put("store", only));
        valid.ifPresent(span -> body.put("validSeconds", span.toSeconds()));
        var token = client.connect().post(Query.of("tokens"), body).body();
        return client.print(token, List.of(TextTable.field(token, "token")));
    }

    @Command(description = "List all tokens, without their secrets.")
    int list(@Mixin ClientOptions client) throws CommandFailed, ApiException, InterruptedException {
        var answer = client.connect().get(Query.of("tokens")).body();
        var table = new TextTable("ID", "NAME", "ROLE", "CATALOG", "APP", "STORE", "CREATED", "EXPIRES", "REVOKED");
        for (var token : answer.path("tokens")) {
            table.add(
                    TextTable.field(token, "id"),
                    TextTable.field(token, "name"),
                    TextTable.field(token, "role"),
                    TextTable.field(token, "catalog"),
                    TextTable.field(token, "app"),
                    TextTable.field(token, "store"),
                    TextTable.field(token, "createdAt"),
                    TextTable.field(token, "expiresAt"),
                    TextTable.field(token, "revoked"));
        }
        return client.print(answer, table.lines());
    }

    @Command(description = "End a token at once.")
    int revoke(
            @Mixin ClientOptions client,
            @Parameters(paramLabel = "ID", description = "As `token list` shows it.") String id)
            throws CommandFailed, ApiException, InterruptedException {
        client.connect().delete(Query.of("tokens", id));
        var answer = JsonNodeFactory.instance.objectNode().put("id", id).put("revoked", true);
        return client.print(answer, List.of("Token " + id + " is revoked."));
    }
}
