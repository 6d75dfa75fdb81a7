package dev.storemesh.ops.bench;

import dev.storemesh.node.NodeMain;
import dev.storemesh.node.site.Join;
import dev.storemesh.ops.process.CommandFailed;
import dev.storemesh.ops.process.NodeLaunch;
import dev.storemesh.ops.process.NodeProcess;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.stream.Stream;

/// Stores that share one process: each is a whole node with a home, a database and a port of its own.
final class FanoutStores implements AutoCloseable {
    private static final Duration STOP_LIMIT = Duration.ofSeconds(30);

    private final NodeProcess process;
    private final List<Member> members;

    /// One of them.
    ///
    /// @param token the join token; it is over once the store has enrolled
    record Member(Path home, int port, URI hq, String token) {
        private String line() {
            return String.join("\t", home.toString(), Integer.toString(port), hq.toString(), token);
        }

        private static Member read(String line) {
            var words = line.split("\t", -1);
            return new Member(Path.of(words[0]), Integer.parseInt(words[1]), URI.create(words[2]), words[3]);
        }

        Wire connect() throws IOException {
            return new Wire(url(), operator());
        }

        /// The lines of the events of a catalog's versions, until it is closed.
        Stream<String> follow(HttpClient http, String catalog) throws IOException, InterruptedException {
            var request = HttpRequest.newBuilder(url().resolve(OverHttp.path(catalog) + "/live"))
                    .header("Authorization", "Bearer " + operator())
                    .build();
            var response = http.send(request, HttpResponse.BodyHandlers.ofLines());
            if (response.statusCode() != 200) {
                response.body().close();
                throw new IOException("the store answers " + response.statusCode());
            }
            return response.body();
        }

        private URI url() {
            return URI.create("http://127.0.0.1:" + port);
        }

        private String operator() throws IOException {
            return Files.readString(home.resolve("operator.token")).strip();
        }
    }

    private FanoutStores(NodeProcess process, List<Member> members) {
        this.process = process;
        this.members = List.copyOf(members);
    }

    /// Starts them in a process of their own, which ends with this one.
    static FanoutStores start(Path folder, List<Member> members) throws CommandFailed, IOException {
        var file = folder.resolve("stores");
        Files.createFile(file, PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rw-------")));
        Files.write(file, members.stream().map(Member::line).toList()); // with tokens in it
        var launch = NodeLaunch.ofThisJvm(System.getenv(), List.of("-Xmx" + (256 + 64 * members.size()) + "m"));
        var words = new ArrayList<>(launch.words());
        words.addAll(List.of("bench", "stores", "--file", file.toString()));
        return new FanoutStores(
                NodeProcess.start("stores", members.getFirst().port(), folder, words, launch.environment()), members);
    }

    List<Member> members() {
        return members;
    }

    void awaitReady(HttpClient http, Duration limit) throws CommandFailed, InterruptedException {
        process.awaitReady(http, limit); // of the first; who connects waits for the others
    }

    /// Runs the stores of a file in this process until it is told to end.
    ///
    /// @return the exit code of the first that failed, else 0
    static int run(Path file) throws IOException, InterruptedException, ExecutionException {
        var members = Files.readAllLines(file).stream().map(Member::read).toList();
        var threads = Executors.newFixedThreadPool(members.size());
        var running = new ArrayList<Future<Integer>>();
        for (var member : members) {
            running.add(threads.submit(() -> NodeMain.run(
                    member.home(),
                    Optional.of(new Join(member.hq(), member.token())),
                    Map.of("storemesh.http.port", Integer.toString(member.port())))));
        }
        threads.shutdown();
        var code = 0;
        for (var one : running) {
            var ended = one.get();
            code = code == 0 ? ended : code;
        }
        return code;
    }

    @Override
    public void close() {
        process.terminate();
        try {
            process.awaitEnd(System.nanoTime() + STOP_LIMIT.toNanos());
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt(); // it ends with its parent
        }
    }
}
