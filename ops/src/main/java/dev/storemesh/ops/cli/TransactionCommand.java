package dev.storemesh.ops.cli;

import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import dev.storemesh.ops.api.ApiException;
import dev.storemesh.ops.api.Query;
import dev.storemesh.ops.process.CommandFailed;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.UUID;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/// `storemesh transaction`: many writes that become visible at once.
@Command(
        name = "transaction",
        description = "Transactions: open one, for programs that write with its lock, and end it.")
public final class TransactionCommand {
    @Command(description = "Open a transaction, and print its lock: nobody else writes until it ends.")
    int open(
            @Mixin ClientOptions client,
            @Option(
                            names = "--idle",
                            paramLabel = "SPAN",
                            converter = SpanConverter.class,
                            description =
                                    "It ends, as void, when nothing is written for so long, such as 10m (default: 1m).")
                    Optional<Duration> idle,
            @Option(names = "--reason", paramLabel = "TEXT", description = "Why; others see it.")
                    Optional<String> reason)
            throws CommandFailed, ApiException, InterruptedException {
        var body = JsonNodeFactory.instance.objectNode();
        idle.ifPresent(span -> body.put("idleSeconds", span.toSeconds()));
        reason.ifPresent(text -> body.put("reason", text));
        var query = Query.of("catalogs", client.neededCatalog(), "transaction");
        var answer =
                client.connect().post(query, body, "cli-" + UUID.randomUUID()).body();
        return client.print(
                answer,
                List.of(
                        "Version " + TextTable.field(answer, "version") + " is being made, until "
                                + TextTable.field(answer, "until") + " unless something is written. Its lock:",
                        "  " + TextTable.field(answer, "lock")));
    }

    @Command(description = "Make all that was written with a lock visible, as one version.")
    int commit(
            @Mixin ClientOptions client,
            @Option(names = "--lock", required = true, paramLabel = "LOCK", description = "What open printed.")
                    String lock)
            throws CommandFailed, ApiException, InterruptedException {
        var query = Query.of("catalogs", client.neededCatalog(), "transaction", "commit");
        var answer = client.connect()
                .holding(lock)
                .post(query, JsonNodeFactory.instance.objectNode(), "cli-" + UUID.randomUUID())
                .body();
        return client.print(answer, List.of("Version " + TextTable.field(answer, "version") + " is there."));
    }

    @Command(description = "Give up all that was written with a lock.")
    int rollback(
            @Mixin ClientOptions client,
            @Option(names = "--lock", required = true, paramLabel = "LOCK", description = "What open printed.")
                    String lock)
            throws CommandFailed, ApiException, InterruptedException {
        var query = Query.of("catalogs", client.neededCatalog(), "transaction");
        var answer = client.connect().holding(lock).delete(query).body();
        return client.print(answer, List.of("Version " + TextTable.field(answer, "version") + " stays void."));
    }
}
