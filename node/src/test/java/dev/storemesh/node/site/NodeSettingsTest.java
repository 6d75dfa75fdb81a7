package dev.storemesh.node.site;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import com.typesafe.config.ConfigFactory;
import java.io.IOException;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.KeyPairGenerator;
import java.time.Duration;
import java.util.Base64;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.stream.Stream;
import org.assertj.core.api.ThrowableAssertAlternative;
import org.junit.jupiter.api.Nested;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

class NodeSettingsTest {
    private static final Map<String, String> NONE = Map.of();

    @TempDir
    Path home;

    @Test
    void takesTheDocumentedDefaults() throws StartFailure {
        var settings = NodeSettings.load(home, NONE, NONE, NONE);
        assertThat(settings.home()).isEqualTo(home);
        assertThat(settings.site()).isEqualTo(new SiteSettings("hq", false, OptionalLong.empty()));
        assertThat(settings.http().bind()).isEqualTo("127.0.0.1");
        assertThat(settings.http().port()).isEqualTo(8080);
        assertThat(settings.http().maxBodyBytes()).isEqualTo(4L << 20);
        assertThat(settings.http().tls()).isEmpty();
        assertThat(settings.http().allowPlainTokens()).isFalse();
        assertThat(settings.link().hq()).isEmpty();
        assertThat(settings.link().pollWait()).isEqualTo(Duration.ofSeconds(20));
        assertThat(settings.access().cache()).isEqualTo(Duration.ofSeconds(1));
    }

    @Test
    void laysTheCommandLineOverTheEnvironmentOverPropertiesOverTheFileOverDefaults() throws Exception {
        file(
                "storemesh { http { port = 1, bind = \"::1\", max-body = 1MiB }, catalog.round-writes = 1, link.batch = 1 }");
        var settings = NodeSettings.load(
                home,
                Map.of("storemesh.http.port", "4"),
                Map.of("STOREMESH_HTTP_PORT", "3", "STOREMESH_HTTP_MAX_BODY", "3MiB"),
                Map.of(
                        "storemesh.http.port", "2",
                        "storemesh.http.max-body", "2MiB",
                        "storemesh.catalog.round-writes", "2"));
        assertThat(settings.http().port()).isEqualTo(4);
        assertThat(settings.http().maxBodyBytes()).isEqualTo(3L << 20);
        assertThat(settings.catalog().roundWrites()).isEqualTo(2);
        assertThat(settings.http().bind()).isEqualTo("::1");
        assertThat(settings.link().batch()).isEqualTo(1);
        assertThat(settings.link().backoffMax()).isEqualTo(Duration.ofSeconds(10));
    }

    @ParameterizedTest
    @MethodSource("keys")
    void judgesTheValueOfEverySettingWhereverItStands(String key) throws IOException {
        refuses(Map.of(key, "?!"), NONE, NONE)
                .withMessageStartingWith(key + " in the command line is \"?!\" (expected: ");
        var variable = SettingsLayers.variable(key);
        refuses(NONE, Map.of(variable, "?!"), NONE)
                .withMessageStartingWith(key + " in the environment (" + variable + ") is \"?!\" (expected: ");
        refuses(NONE, NONE, Map.of(key, "?!"))
                .withMessageStartingWith(key + " in the system properties is \"?!\" (expected: ");
        file("\n" + key + " = \"?!\"");
        refuses(NONE, NONE, NONE)
                .withMessageStartingWith(
                        key + " in " + home.resolve("storemesh.conf") + " line 2 is \"?!\" (expected: ");
    }

    static Stream<String> keys() {
        return ConfigFactory.parseResources("reference.conf").getConfig("storemesh").entrySet().stream()
                .map(entry -> "storemesh." + entry.getKey())
                .filter(key -> !key.equals("storemesh.postgres.password")); // has no wrong value, only wrong places
    }

    @Test
    void givesEverySettingAnEnvironmentVariableOfItsOwn() {
        assertThat(keys().map(SettingsLayers::variable)).doesNotHaveDuplicates().contains("STOREMESH_HTTP_MAX_BODY");
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', textBlock = """
            http.port            | 65536    | a whole number from 0 to 65535
            http.port            | -1       | a whole number from 0 to 65535
            http.port            | 80.5     | a whole number from 0 to 65535
            http.max-body        | 4 MoB    | a size from 1KiB to 256MiB, such as 256MiB
            http.max-body        | 1023     | a size from 1KiB to 256MiB, such as 256MiB
            http.max-body        | -1       | a size from 1KiB to 256MiB, such as 256MiB
            link.wait            | 20       | a span of time from 1s to 30s, such as 30s
            link.wait            | 20 parsecs | a span of time from 1s to 30s, such as 30s
            link.wait            | 31s      | a span of time from 1s to 30s, such as 30s
            link.scope           | store-1  | all or location
            link.backoff-max     | 100ms    | a span of time from 200ms to 10m, such as 10m
            link.hq              | hq:8080  | a URL such as https://hq.example.com:8443
            link.hq              | ftp://hq | a URL such as https://hq.example.com:8443
            site.id              | a b      | 1 to 64 of A-Z a-z 0-9 . _ ~ -
            http.allow-plain-tokens | maybe | true or false
            storage              | postgresql | sqlite or postgres
            cluster.seeds        | hq-1:7400 | HOST:PORT of two or more nodes to join by, separated by commas
            cluster.seeds        | a:1,b:70000 | HOST:PORT of two or more nodes to join by, separated by commas
            cluster.port         | 0        | a whole number from 1 to 65535
            cluster.tls.key      | none.pem | a file that can be read
            cluster.bootstrap.method | consul | none, dns or kubernetes
            cluster.bootstrap.contact-points | 1 | a whole number from 2 to 100
            cluster.bootstrap.port | 0        | a whole number from 1 to 65535
            postgres.pool        | 1        | a whole number from 2 to 200
            http.tls.key         | none.pem | a file that can be read
            http.max-connections | 63       | a whole number from 64 to 100000
            catalog.ask-timeout  | 40s      | less than storemesh.http.request-timeout
            """)
    void saysWhatItExpected(String key, String value, String expected) {
        refuses(Map.of("storemesh." + key, value), NONE, NONE)
                .withMessage(
                        "storemesh.%s in the command line is \"%s\" (expected: %s)".formatted(key, value, expected));
    }

    @Test
    void namesTheDefaultThatNoLongerFits() {
        refuses(Map.of("storemesh.http.max-body", "17MiB"), NONE, NONE)
                .withMessageStartingWith("storemesh.catalog.max-waiting-bytes in ")
                .withMessageEndingWith(" is \"16MiB\" (expected: at least storemesh.http.max-body)");
    }

    @Test
    void readsUrlsAndFlagsAndProcessIds() throws StartFailure {
        var settings = NodeSettings.load(
                home,
                Map.of(
                        "storemesh.link.hq", "https://hq.example.com:8443",
                        "storemesh.link.allow-plain-tokens", "yes",
                        "storemesh.site.exit-with-parent", "4711"),
                NONE,
                NONE);
        assertThat(settings.link().hq()).contains(URI.create("https://hq.example.com:8443"));
        assertThat(settings.link().allowPlainTokens()).isTrue();
        assertThat(settings.site().exitWithParent()).hasValue(4711);
    }

    @Test
    void readsWhereItsDatabaseIsWithAndWithoutTheDriversPrefix() throws Exception {
        Files.writeString(home.resolve("password"), "secret");
        var given = Map.of(
                "storemesh.storage", "postgres",
                "storemesh.postgres.url",
                        "postgresql://db-1:5432,db-2/storemesh?sslmode=verify-full&sslrootcert=ca.pem",
                "storemesh.postgres.password-file", "password");
        assertThat(NodeSettings.load(home, given, NONE, NONE).storage())
                .isEqualTo(new StorageSettings.Postgres(
                        "jdbc:postgresql://db-1:5432,db-2/storemesh?sslmode=verify-full&sslrootcert=ca.pem",
                        "storemesh",
                        Optional.of(home.resolve("password")),
                        10));
        assertThat(NodeSettings.load(home, NONE, NONE, NONE).storage()).isEqualTo(new StorageSettings.Sqlite());
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "postgresql://ann:secret@db/storemesh",
                "postgresql://db/storemesh?password=secret",
                "postgresql://db/storemesh?sslmode=require&user=ann",
                "postgresql://db/",
                "mysql://db/storemesh"
            })
    void refusesAnAddressWithAnythingBesidesTheAddress(String url) {
        refuses(Map.of("storemesh.postgres.url", url), NONE, NONE)
                .withMessageStartingWith("storemesh.postgres.url in the command line is ");
    }

    @Test
    void takesAPasswordFromTheEnvironmentAloneAndShowsItNowhere() throws Exception {
        var name = "storemesh.postgres.password";
        assertThat(NodeSettings.load(home, NONE, Map.of("STOREMESH_POSTGRES_PASSWORD", "s3cret"), NONE)
                        .toString())
                .doesNotContain("s3cret");
        refuses(Map.of(name, "s3cret"), NONE, NONE)
                .withMessage(name + " stands in the command line (expected: a file that"
                        + " storemesh.postgres.password-file names, or the environment variable"
                        + " STOREMESH_POSTGRES_PASSWORD)");
        refuses(NONE, NONE, Map.of(name, "s3cret")).withMessageStartingWith(name + " stands in the system properties");
        file(name + " = s3cret");
        refuses(NONE, NONE, NONE)
                .withMessageStartingWith(name + " stands in " + home.resolve("storemesh.conf") + " line 1 (");
    }

    private static final Map<String, String> SHARED =
            Map.of("storemesh.storage", "postgres", "storemesh.cluster.seeds", "hq-1:7400, [::1]:7401,127.0.0.1:7402");

    private Map<String, String> shared(String key, String value) {
        var settings = new HashMap<>(SHARED);
        settings.put(key, value);
        return settings;
    }

    @Test
    void readsTheOtherNodesOfItsSite() throws StartFailure {
        var cluster = NodeSettings.load(home, SHARED, NONE, NONE).cluster();
        assertThat(cluster.isShared()).isTrue();
        assertThat(cluster.seeds()).map(Object::toString).containsExactly("hq-1:7400", "[::1]:7401", "127.0.0.1:7402");
        assertThat(NodeSettings.load(home, NONE, NONE, NONE).cluster().isShared())
                .isFalse();
    }

    @Test
    void refusesASecondNodeOverTheFilesOfOne() {
        refuses(shared("storemesh.storage", "sqlite"), NONE, NONE)
                .withMessage("storemesh.storage in the command line is \"sqlite\" (expected: postgres, since"
                        + " storemesh.cluster.seeds is set: SQLite's files belong to one node)");
    }

    private static Map<String, String> found(String method) {
        return new HashMap<>(Map.of(
                "storemesh.storage", "postgres",
                "storemesh.cluster.bootstrap.method", method,
                "storemesh.cluster.bootstrap.service", "hq.example.com"));
    }

    @Test
    void readsHowItsSitesNodesFindEachOther() throws StartFailure {
        var cluster = NodeSettings.load(home, found("dns"), NONE, NONE).cluster();
        assertThat(cluster.isShared()).isTrue();
        assertThat(cluster.bootstrap())
                .contains(new BootstrapSettings(
                        new BootstrapSettings.Directory.Dns(),
                        "hq.example.com",
                        Optional.of("contact"),
                        2,
                        "127.0.0.1",
                        7626));
        assertThat(NodeSettings.load(home, found("kubernetes"), NONE, NONE)
                        .cluster()
                        .bootstrap()
                        .map(BootstrapSettings::directory))
                .contains(new BootstrapSettings.Directory.Kubernetes(Optional.empty()));
        assertThat(NodeSettings.load(home, NONE, NONE, NONE).cluster().bootstrap())
                .isEmpty();
    }

    @Test
    void refusesADirectoryWithoutANameOrBesideSeedsOrOverFilesOrInTheClear() {
        var nameless = found("dns");
        nameless.remove("storemesh.cluster.bootstrap.service");
        refuses(nameless, NONE, NONE)
                .withMessageStartingWith("storemesh.cluster.bootstrap.service in ")
                .withMessageEndingWith(" is \"\" (expected: the DNS name of the site's nodes, since"
                        + " storemesh.cluster.bootstrap.method is dns)");
        nameless.put("storemesh.cluster.bootstrap.method", "kubernetes");
        refuses(nameless, NONE, NONE)
                .withMessageEndingWith("(expected: the label app of the site's pods, since"
                        + " storemesh.cluster.bootstrap.method is kubernetes)");
        var seeded = found("dns");
        seeded.put("storemesh.cluster.seeds", "hq-1:7400,hq-2:7400");
        refuses(seeded, NONE, NONE)
                .withMessage(
                        "storemesh.cluster.seeds in the command line is \"hq-1:7400,hq-2:7400\" (expected: nothing,"
                                + " since storemesh.cluster.bootstrap.method is set)");
        var files = found("dns");
        files.put("storemesh.storage", "sqlite");
        refuses(files, NONE, NONE)
                .withMessage("storemesh.storage in the command line is \"sqlite\" (expected: postgres, since"
                        + " storemesh.cluster.bootstrap.method is set: SQLite's files belong to one node)");
        var open = found("dns");
        open.put("storemesh.cluster.host", "192.0.2.1");
        refuses(open, NONE, NONE).withMessageContaining("storemesh.cluster.tls.certificate in ");
    }

    @Test
    void letsOtherMachinesReachItsActorsOnlyByCertificatesUnlessToldTo() throws Exception {
        var open = shared("storemesh.cluster.host", "192.0.2.1");
        refuses(open, NONE, NONE)
                .withMessageContaining("storemesh.cluster.tls.certificate in ")
                .withMessageContaining("a file, since nodes reach this one from other machines");
        for (var file : List.of("certificate", "key", "authority")) {
            refuses(open, NONE, NONE).withMessageContaining("(expected: a file, since ");
            Files.writeString(home.resolve(file), file.equals("key") ? key("RSA") : "");
            open.put("storemesh.cluster.tls." + file, file);
        }
        assertThat(NodeSettings.load(home, open, NONE, NONE).cluster().tls())
                .contains(new ClusterSettings.Tls(
                        home.resolve("certificate"),
                        home.resolve("key"),
                        home.resolve("authority"),
                        Duration.ofMinutes(5)));
        Files.writeString(home.resolve("key"), key("EC"));
        refuses(open, NONE, NONE)
                .withMessage(
                        "storemesh.cluster.tls.key in the command line is \"key\" (expected: an unencrypted RSA key"
                                + " as PEM)");
        var plain = shared("storemesh.cluster.host", "192.0.2.1");
        plain.put("storemesh.cluster.allow-plain", "true");
        assertThat(NodeSettings.load(home, plain, NONE, NONE).cluster().tls()).isEmpty();
    }

    private static String key(String algorithm) throws Exception {
        var key = KeyPairGenerator.getInstance(algorithm).generateKeyPair().getPrivate();
        return "-----BEGIN PRIVATE KEY-----\n"
                + Base64.getMimeEncoder().encodeToString(key.getEncoded())
                + "\n-----END PRIVATE KEY-----\n";
    }

    @Test
    void takesBothTlsFilesFromTheHomeOrNone() throws Exception {
        Files.writeString(home.resolve("cert.pem"), "");
        Files.writeString(home.resolve("key.pem"), "");
        var both = Map.of("storemesh.http.tls.certificate", "cert.pem", "storemesh.http.tls.key", "key.pem");
        assertThat(NodeSettings.load(home, both, NONE, NONE).http().tls())
                .contains(new HttpSettings.Tls(
                        home.resolve("cert.pem"), home.resolve("key.pem"), Duration.ofSeconds(10)));
        refuses(Map.of("storemesh.http.tls.certificate", "cert.pem"), NONE, NONE)
                .withMessageContaining("storemesh.http.tls.key in ")
                .withMessageContaining("(expected: a file, since storemesh.http.tls.certificate is set)");
    }

    @Nested
    class GivenANameThatIsNoSetting {
        @Test
        void namesItAndTheLineOfTheFile() throws IOException {
            file("storemesh.http {\n  prot = 8081\n}");
            refuses(NONE, NONE, NONE)
                    .withMessage("storemesh.http.prot in " + home.resolve("storemesh.conf")
                            + " line 2 is not a setting (did you mean storemesh.http.port?)");
        }

        @Test
        void namesItWhenItIsOutsideOurBlock() throws IOException {
            file("pekko.loglevel = DEBUG");
            refuses(NONE, NONE, NONE)
                    .withMessage("pekko.loglevel in " + home.resolve("storemesh.conf") + " line 1 is not a setting");
        }

        @Test
        void namesThePropertyOrTheVariableOrTheOption() {
            refuses(NONE, NONE, Map.of("storemesh.htpp.port", "1"))
                    .withMessage("storemesh.htpp.port in the system properties is not a setting"
                            + " (did you mean storemesh.http.port?)");
            refuses(NONE, Map.of("STOREMESH_HTTP_PROT", "1"), NONE)
                    .withMessage("STOREMESH_HTTP_PROT in the environment is not a setting"
                            + " (did you mean STOREMESH_HTTP_PORT?)");
            refuses(Map.of("storemesh.colour", "red"), NONE, NONE)
                    .withMessage("storemesh.colour in the command line is not a setting");
        }

        @Test
        void leavesOtherProgramsVariablesAndPropertiesAlone() throws StartFailure {
            var variables = Map.of("STOREMESH_ALL", "1", "STOREMESH_TOKEN", "x", "STOREMESH_JAVA_HOME", "/j");
            var settings = NodeSettings.load(home, NONE, variables, Map.of("storemesh.seed", "", "user.dir", "/"));
            assertThat(settings).isEqualTo(NodeSettings.load(home, NONE, NONE, NONE));
        }
    }

    @Nested
    class GivenABrokenFile {
        @Test
        void saysWhereItDoesNotParse() throws IOException {
            file("storemesh {\n http { port = 1\n");
            refuses(NONE, NONE, NONE)
                    .withMessageStartingWith(home.resolve("storemesh.conf") + " is not valid: ")
                    .withMessageContaining("3")
                    .matches(failure -> failure.sentence().lines().count() == 1);
        }

        @Test
        void refusesAListOrNothing() throws IOException {
            file("storemesh.http.port = [1]");
            refuses(NONE, NONE, NONE)
                    .withMessage("storemesh.http.port in " + home.resolve("storemesh.conf")
                            + " line 1 is a list (expected: one value)");
            file("storemesh.http.port = null");
            refuses(NONE, NONE, NONE).withMessageEndingWith(" line 1 is null (expected: one value)");
        }
    }

    private void file(String text) throws IOException {
        Files.writeString(home.resolve("storemesh.conf"), text);
    }

    private ThrowableAssertAlternative<StartFailure> refuses(
            Map<String, String> overrides, Map<String, String> environment, Map<String, String> properties) {
        return assertThatExceptionOfType(StartFailure.class)
                .isThrownBy(() -> NodeSettings.load(home, overrides, environment, properties));
    }
}
