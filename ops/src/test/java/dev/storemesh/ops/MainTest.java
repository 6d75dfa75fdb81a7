package dev.storemesh.ops;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import picocli.CommandLine;

final class MainTest {
    private final StringWriter out = new StringWriter();
    private final StringWriter err = new StringWriter();

    @Test
    void printsItsVersion() {
        assertThat(execute("version")).isZero();
        assertThat(out.toString()).matches("storemesh \\d+\\.\\d+\\.\\S+ \\(Java .+\\)\\R");
        assertThat(err.toString()).isEmpty();
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "",
                "node",
                "node --home . --join http://127.0.0.1:8080",
                "node --home . --token smj_1",
                "node --home . --port http",
                "node --home . -D storemesh.http.bind",
                "token",
                "sell",
                "token create",
                "token create --name n --role king",
                "token create --name n --role store",
                "token create --name n --role editor --valid soon",
                "token create --name n --role editor --app",
                "namespace",
                "namespace claim",
                "namespace claim com.acme",
                "store add",
                "store add store-1",
                "store list --url nowhere",
                "store arrived",
                "backup",
                "backup copy",
                "backup copy --home . --check",
                "restore",
                "restore backup",
                "restore backup other --home .",
                "status --url nowhere",
                "store arrived x",
                "store list --url http://hq.example --token smt_1",
                "catalog show",
                "location",
                "location add",
                "location add store-1",
                "location set",
                "location set store-1 --store store-2",
                "location list",
                "schema list",
                "schema apply",
                "transaction open",
                "transaction open --catalog demo --idle soon",
                "transaction commit --catalog demo",
                "transaction rollback",
                "revert",
                "revert --to then",
                "revert --to 3",
                "overrides list",
                "overrides show --catalog demo",
                "overrides clear --catalog demo",
                "overrides clear --type retail.item --catalog demo",
                "overrides set-everywhere tea retail.item.note --catalog demo",
                "verify --catalog demo",
                "verify --against http://127.0.0.1:1",
                "requests approve",
                "requests approve cr-1 --seen lately",
                "import core-pos",
                "import core-pos .",
                "import core-pos . --catalog demo --currency XXX",
                "import core-pos . --catalog demo --currency dollars",
                "import core-pos . --catalog demo --zone Mars/Base",
                "import sample"
            })
    void answersAWrongCallWithASentenceAndTwo(String line) {
        assertThat(execute(line.isEmpty() ? new String[0] : line.split(" "))).isEqualTo(2);
        assertThat(err.toString()).startsWith("storemesh: ").doesNotContain("\tat ");
        assertThat(out.toString()).isEmpty();
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "token create --name n --role editor",
                "token create --name n --role editor --app com.acme.loyalty",
                "token list",
                "namespace claim com.acme --app com.acme.loyalty",
                "namespace list",
                "token revoke 1",
                "store add store-1 --catalog demo",
                "store list",
                "store show store-1",
                "catalog create demo",
                "catalog show --catalog demo",
                "location add store-1 --catalog demo",
                "location add kiosk --store store-1 --catalog demo",
                "location set store-1 --store store-2 --catalog demo",
                "location list --group north --store store-1 --catalog demo",
                "location list --catalog demo",
                "schema list --catalog demo",
                "transaction open --idle 10m --reason spring --catalog demo",
                "transaction commit --lock sml_x --catalog demo",
                "transaction rollback --lock sml_x --catalog demo",
                "revert --to 3 --object tea --object mug --catalog demo",
                "overrides list --attribute retail.item.price --location store-1 --all --catalog demo",
                "overrides show tea --catalog demo",
                "overrides missing store-1 --catalog demo",
                "overrides clear tea milk --reason spring --catalog demo",
                "overrides clear --location store-1 --catalog demo",
                "overrides set-everywhere tea retail.item.tag warm 3 true --catalog demo",
                "verify --against http://127.0.0.1:1 --catalog demo",
                "requests list",
                "requests show cr-1 --json",
                "requests approve cr-1",
                "requests reject cr-1",
                "import sample --catalog demo"
            })
    void answersAFailureWithASentenceAndOne(String line) throws IOException {
        var url = "http://127.0.0.1:" + freePort();
        assertThat(execute((line + " --token smt_1 --url " + url).split(" "))).isEqualTo(1);
        assertThat(err.toString())
                .contains("No node answers at " + url)
                .contains("storemesh: ")
                .doesNotContain("\tat ")
                .doesNotContain("bug");
    }

    @Test
    void namesTheFileThatIsMissing(@TempDir Path folder) {
        assertThat(execute("import", "core-pos", folder.toString(), "--catalog", "demo"))
                .isEqualTo(1);
        assertThat(err.toString()).contains("departments.csv: there is no such file");
    }

    @Test
    void namesTheFieldOfASchemaFileThatIsWrong(@TempDir Path folder) throws IOException {
        var file =
                Files.writeString(folder.resolve("schema.json"), "{\"types\": [{\"name\": \"a.b\", \"colour\": 1}]}");
        assertThat(execute("schema", "apply", file.toString(), "--catalog", "demo"))
                .isEqualTo(1);
        assertThat(err.toString()).contains("/types/0/colour is not known").doesNotContain("bug");
    }

    @Test
    void everyCommandExplainsItself() {
        explain(Main.commandLine());
    }

    private static void explain(CommandLine command) {
        var usage = command.getUsageMessage();
        assertThat(usage).startsWith("Usage: storemesh").contains("--help");
        assertThat(command.getCommandSpec().usageMessage().description())
                .as(command.getCommandName())
                .isNotEmpty();
        command.getSubcommands().values().stream()
                .filter(sub -> !sub.getCommandName().equals("help"))
                .forEach(MainTest::explain);
    }

    private int execute(String... arguments) {
        return Main.commandLine()
                .setOut(new PrintWriter(out, true))
                .setErr(new PrintWriter(err, true))
                .execute(arguments);
    }

    private static int freePort() throws IOException {
        try (var socket = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
            return socket.getLocalPort();
        }
    }
}
