package dev.storemesh.ops.site;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermission;
import java.sql.DriverManager;
import java.time.Duration;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.api.parallel.Isolated;

/// What an operator sees of a node's start and stop, also when something is in its way.
@Isolated("measures how long starts and stops take")
final class StartAndStopTest {
    /// Twice and more what is promised (5 s), since here other tests' processes run beside it without class data
    /// archives; the figure itself is printed.
    private static final Duration READY_BOUND = Duration.ofSeconds(20);

    private static final Duration STOP_BOUND = Duration.ofSeconds(10);
    private static final Pattern LOG_LINE = Pattern.compile("^\\d{4}-\\d\\d-\\d\\dT");

    @TempDir
    Path folder = Path.of("");

    @Test
    void isReadySoonAndStopsInGoodOrderAndFindsItsDataAgain() throws Exception {
        try (var site = new SiteProcess(folder.resolve("hq"))) {
            var first = site.start();
            var operator = site.operator();
            operator.put("/catalogs/demo").expect(201);
            var stopped = timedStop(site);
            var second = site.start();
            assertThat(operator.visible("demo")).isGreaterThanOrEqualTo(0);
            operator.put("/catalogs/demo").expect(200);
            System.out.printf(
                    "figures: first start %d ms, second start %d ms, stop %d ms%n",
                    first.toMillis(), second.toMillis(), stopped.toMillis());
            assertThat(first).isLessThan(READY_BOUND);
            assertThat(second).isLessThan(READY_BOUND);
            assertThat(stopped).isLessThan(STOP_BOUND);
            timedStop(site);
            assertThat(site.logText()).doesNotContain("Exception").doesNotContain("\tat ");
        }
    }

    @Test
    void keepsItsOperatorTokenFromOthers() throws Exception {
        try (var site = new SiteProcess(folder.resolve("hq"))) {
            site.start();
            assertThat(Files.getPosixFilePermissions(site.home().resolve("operator.token")))
                    .containsExactlyInAnyOrder(PosixFilePermission.OWNER_READ, PosixFilePermission.OWNER_WRITE);
            assertThat(site.operator().as("wrong").get("/tokens").status()).isEqualTo(401);
        }
    }

    @Test
    void saysThatItsPortIsInUse() throws Exception {
        try (var other = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
            var port = other.getLocalPort();
            assertRefused(new SiteProcess(folder.resolve("hq"), port), String.valueOf(port));
        }
    }

    @Test
    void saysThatItsHomeCannotBeWritten() throws Exception {
        var file = Files.writeString(folder.resolve("file"), "not a folder"); // holds for root as well
        assertRefused(new SiteProcess(file.resolve("hq"), SiteProcess.freePort(), folder.resolve("log")), "file");
    }

    @Test
    void saysThatANewerVersionWroteItsDatabase() throws Exception {
        var home = folder.resolve("hq");
        try (var site = new SiteProcess(home)) {
            site.start();
            site.stop();
        }
        var database = find(home, "log.db");
        try (var connection = DriverManager.getConnection("jdbc:sqlite:" + database);
                var statement = connection.createStatement()) {
            statement.execute("PRAGMA user_version = 1000");
        }
        assertRefused(new SiteProcess(home), "newer version");
    }

    @Test
    void namesASettingThatIsNone() throws Exception {
        var home = Files.createDirectory(folder.resolve("hq"));
        Files.writeString(home.resolve("storemesh.conf"), "storemesh.http.prot = 8080\n");
        assertRefused(new SiteProcess(home), "storemesh.http.prot");
    }

    @Test
    void namesASettingWhoseValueIsWrong() throws Exception {
        var home = Files.createDirectory(folder.resolve("hq"));
        Files.writeString(home.resolve("storemesh.conf"), "storemesh.http.max-body = plenty\n");
        assertRefused(new SiteProcess(home), "storemesh.http.max-body");
    }

    @Test
    void letsNoTwoNodesUseOneHome() throws Exception {
        try (var first = new SiteProcess(folder.resolve("hq"))) {
            first.start();
            assertRefused(
                    new SiteProcess(first.home(), SiteProcess.freePort(), folder.resolve("second.log")),
                    first.home().toString());
            assertThat(first.readiness()).isEqualTo(200);
        }
    }

    private static Duration timedStop(SiteProcess site) throws InterruptedException {
        var began = System.nanoTime();
        assertThat(site.stop()).as(site.logTail()).isZero();
        return Duration.ofNanos(System.nanoTime() - began);
    }

    /// Starts a node that cannot, and expects its last words to be one sentence that names what is wrong.
    private static void assertRefused(SiteProcess site, String named) throws Exception {
        try (site) {
            site.clearLog();
            site.launch();
            assertThat(site.awaitEnd()).as(site.logTail()).isEqualTo(1);
            var said = site.logText();
            var sentences =
                    said.lines().filter(line -> !LOG_LINE.matcher(line).find()).toList();
            assertThat(sentences).as(said).hasSize(1);
            assertThat(sentences.getFirst()).contains(named);
            assertThat(said).endsWith(sentences.getFirst() + System.lineSeparator());
            assertThat(said).doesNotContain("\tat ");
        }
    }

    private static Path find(Path folder, String name) throws IOException {
        try (var files = Files.walk(folder)) {
            return files.filter(file -> file.endsWith(name)).findFirst().orElseThrow();
        }
    }
}
