package dev.storemesh.node.site;

import static org.assertj.core.api.Assertions.assertThat;

import ch.qos.logback.classic.Level;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.apache.pekko.cluster.MemberStatus;
import org.apache.pekko.cluster.typed.Cluster;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.api.parallel.Isolated;

/// Real nodes over one database, with our configuration, whose certificates change while they run.
@Timeout(180)
@Tag("long")
@Isolated("reads the log of the process")
class RotationTest {
    private static final Duration SOON = Duration.ofSeconds(60);

    @TempDir
    Path folder = Path.of("");

    private final LogLines log = new LogLines();
    private final SharedSite site = new SharedSite();
    private final List<TestSite> started = new ArrayList<>();

    @AfterEach
    void stop() {
        started.reversed().forEach(TestSite::close);
        log.close();
    }

    private PeerFiles home(String name) throws Exception {
        var home = Files.createDirectories(folder.resolve(name));
        switch (name) {
            case "first" -> site.addFirst(home);
            case "second" -> site.addSecond(home);
            default -> site.addAnother(home);
        }
        Files.writeString(home.resolve("storemesh.conf"), PeerFiles.conf(), StandardOpenOption.APPEND);
        return new PeerFiles(home);
    }

    private TestSite start(PeerFiles files) {
        var node = TestSite.start(files.home());
        started.add(node);
        return node;
    }

    private void awaitReload(PeerFiles files, int times) throws InterruptedException {
        log.await(
                "files of " + files.home().getFileName() + " reloaded",
                times,
                SOON,
                line -> line.startsWith("certificate [" + files.home()) && line.contains("reloaded"));
    }

    @Test
    void takesANewAuthorityInThreeStepsWhileTheClusterLives() throws Exception {
        var former = TestAuthority.make(folder, "former authority").sign("nodes of hq");
        var next = TestAuthority.make(folder, "next authority").sign("nodes of hq");
        var filesA = home("first").show(former).trust(former);
        var filesB = home("second").show(former).trust(former);
        var a = start(filesA).system();
        var b = start(filesB).system();
        var before = Members.up(a, 2, SOON);

        for (var files : List.of(filesA, filesB)) { // 1: both authorities are trusted everywhere
            files.trust(former, next);
            awaitReload(files, 1);
        }
        var filesC = home("early").show(next).trust(former, next);
        start(filesC); // meets nodes that still show the former one

        for (var files : List.of(filesA, filesB)) { // 2: keys and certificates of the new one
            files.write("node.pem", next.certificate()); // alone, for a moment
            files.write("node.key", next.key());
            awaitReload(files, 2);
        }
        for (var files : List.of(filesA, filesB, filesC)) { // 3: the former one is forgotten
            files.trust(next);
            awaitReload(files, files.equals(filesC) ? 1 : 3);
        }
        start(home("late").show(next).trust(next));
        var after = Members.up(a, 4, SOON);
        assertThat(after).containsAll(before); // the same incarnations: none was lost meanwhile
        assertThat(Cluster.get(b).state().getUnreachable()).isEmpty();

        assertIsLeftOutside(home("outside").show(former).trust(former, next));
        assertThat(Members.up(a, 4, SOON)).isEqualTo(after);
    }

    /// It tries again and again, and is refused by both seeds.
    private void assertIsLeftOutside(PeerFiles files) throws Exception {
        var settings = NodeSettings.load(files.home(), Map.of(), Map.of(), Map.of());
        var system = SiteSystem.start(settings, Databases.config(settings.storage(), files.home()), () -> {
            throw new AssertionError("one of the former authority was let in");
        });
        try {
            log.await("it tried twice", 1, SOON, line -> line.contains("Couldn't join seed nodes after [2] attempts"));
            assertThat(log.of(PeerTls.class, Level.ERROR)).isEmpty();
            assertThat(Cluster.get(system).selfMember().status()).isEqualTo(MemberStatus.removed());
        } finally {
            system.terminate();
            TestSite.get(system.getWhenTerminated());
        }
    }
}
