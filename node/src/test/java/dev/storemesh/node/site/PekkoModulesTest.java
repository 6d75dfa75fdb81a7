package dev.storemesh.node.site;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.File;
import java.nio.file.Path;
import java.util.Collection;
import java.util.Map;
import java.util.TreeMap;
import java.util.function.Predicate;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

/// Pekko's modules fit together. Pekko would look at that when it starts, but knows no exceptions.
///
/// There is one: Maven Central has no `pekko-discovery` of our version of Pekko. The module is small, uses what is
/// public of the actors, and Pekko promises that within 1.x what was built against an older version runs on a newer
/// one. Its version is to be Pekko's own again when there is one.
class PekkoModulesTest {
    private static final Pattern JAR = Pattern.compile("(pekko-.+)_2\\.13-([0-9].*)\\.jar");

    private final Map<String, String> modules = Stream.of(
                    System.getProperty("java.class.path").split(Pattern.quote(File.pathSeparator), -1))
            .map(entry -> JAR.matcher(String.valueOf(Path.of(entry).getFileName())))
            .filter(java.util.regex.Matcher::matches)
            .collect(Collectors.toMap(
                    jar -> jar.group(1), jar -> jar.group(2), (one, other) -> one + " and " + other, TreeMap::new));

    private Collection<String> versions(Predicate<String> of) {
        return modules.entrySet().stream()
                .filter(module -> of.test(module.getKey()))
                .map(Map.Entry::getValue)
                .distinct()
                .toList();
    }

    private static boolean isHttp(String module) {
        return module.startsWith("pekko-http") || module.equals("pekko-parsing");
    }

    private static boolean isManagement(String module) {
        return module.startsWith("pekko-management") || module.equals("pekko-discovery-kubernetes-api");
    }

    private static boolean isCore(String module) {
        return !isHttp(module)
                && !isManagement(module)
                && !module.equals("pekko-discovery")
                && !module.equals("pekko-persistence-jdbc");
    }

    @Test
    void haveOneVersionEach() {
        assertThat(modules).containsKeys("pekko-actor", "pekko-cluster", "pekko-http-core", "pekko-management");
        assertThat(versions(PekkoModulesTest::isCore)).as("%s", modules).hasSize(1);
        assertThat(versions(PekkoModulesTest::isHttp)).as("%s", modules).hasSize(1);
        assertThat(versions(PekkoModulesTest::isManagement)).as("%s", modules).hasSize(1);
    }

    @Test
    void discoveryIsOlderThanTheRestAndOfTheSameLine() {
        assertThat(versions("pekko-discovery"::equals))
                .singleElement()
                .asString()
                .startsWith("1.");
        assertThat(versions("pekko-actor"::equals)).singleElement().asString().startsWith("1.");
    }
}
