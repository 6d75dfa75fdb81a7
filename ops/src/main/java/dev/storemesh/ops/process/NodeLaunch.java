package dev.storemesh.ops.process;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;

/// How a node is started from here: through the launcher that started us, which knows the flags of a node and
/// becomes its JVM; without one by our own Java and class path.
public record NodeLaunch(List<String> words, Map<String, String> environment) {
    private static final String MAIN = "dev.storemesh.ops.Main";
    private static final int UNSAFE_MEMORY_WARNS_FROM = 24;

    public NodeLaunch {
        words = List.copyOf(words);
        environment = Map.copyOf(environment);
    }

    /// As this process itself was started.
    ///
    /// @param inherited our own environment. Settings of nodes in it are left out: they would be the same for all
    ///     three, and a variable overrules the file that each one has
    /// @param options further ones for the node's JVM
    public static NodeLaunch ofThisJvm(Map<String, String> inherited, List<String> options) {
        var javaHome = System.getProperty("java.home");
        var environment = new TreeMap<String, String>();
        inherited.forEach((name, value) -> {
            if (!name.startsWith("STOREMESH_") || name.startsWith("STOREMESH_JAVA_")) {
                environment.put(name, value);
            }
        });
        environment.put("STOREMESH_JAVA_HOME", javaHome);
        environment.put("STOREMESH_NO_BUILD", "1");
        environment.merge("STOREMESH_JAVA_OPTS", String.join(" ", options), (asked, more) -> more + " " + asked);
        environment.put("STOREMESH_IGNORE_INTERRUPT", "1"); // Ctrl-C is for us, who then stop all in order
        environment.put(
                "STOREMESH_SITE_EXIT_WITH_PARENT",
                String.valueOf(ProcessHandle.current().pid()));
        return new NodeLaunch(
                launcher().map(path -> List.of(path)).orElseGet(() -> direct(javaHome, options)), environment);
    }

    /// The words that start the node of `home`; `more` are further options.
    public List<String> node(Path home, List<String> more) {
        var all = new ArrayList<>(words);
        all.addAll(List.of("node", "--home", home.toString()));
        all.addAll(more);
        return all;
    }

    /// What a person types to start that node alone.
    public static String typed(Path home) {
        return launcher().orElse("storemesh") + " node --home " + home;
    }

    private static Optional<String> launcher() {
        return Optional.ofNullable(System.getProperty("storemesh.launcher"));
    }

    private static List<String> direct(String javaHome, List<String> options) {
        var words = new ArrayList<String>();
        words.add(Path.of(javaHome, "bin", "java").toString());
        words.add("--enable-native-access=ALL-UNNAMED");
        if (Runtime.version().feature() >= UNSAFE_MEMORY_WARNS_FROM) {
            words.add("--sun-misc-unsafe-memory-access=allow");
        }
        words.addAll(options);
        words.addAll(List.of("-cp", System.getProperty("java.class.path"), MAIN));
        return words;
    }
}
