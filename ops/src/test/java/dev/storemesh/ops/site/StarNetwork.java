package dev.storemesh.ops.site;

import dev.storemesh.protocol.Needs;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.stream.IntStream;

/// HQ (site 0) and its stores (1, 2, …), each in a network namespace of its own, with a wire from HQ to each
/// store, and one from us to each site, which no fault touches. What is cut is lost in silence, as on a line that
/// was dug up: whoever receives drops it, so either direction can be cut by itself.
///
/// Our wires get addresses of a network 10.x that nobody on this machine has: not another run at the same time, nor
/// one that was killed and left its wires behind.
///
/// Needs Linux, root and `ip` (package iproute2).
final class StarNetwork implements AutoCloseable {
    private static final int PORT = 8080;
    private static final int FIRST = 64; // of the networks 10.x that are tried
    private static final int NETWORKS = 128;
    private final String name = "sm" + Long.toString(ProcessHandle.current().pid() % 1_000_000, 36);
    private final int stores;
    private final String ours; // what all addresses of our wires begin with
    private final List<String> made = new ArrayList<>();

    /// Skips the test, loudly, where there can be none.
    static void need() throws IOException, InterruptedException {
        Needs.that(
                "root".equals(System.getProperty("user.name")) && answers("ip", "netns", "list"),
                "network namespaces (root, and `ip` of iproute2)");
    }

    private static boolean answers(String... command) throws InterruptedException {
        try {
            var process = new ProcessBuilder(command)
                    .redirectErrorStream(true)
                    .redirectOutput(ProcessBuilder.Redirect.DISCARD)
                    .start();
            return process.waitFor(10, TimeUnit.SECONDS) && process.exitValue() == 0;
        } catch (IOException e) {
            return false;
        }
    }

    StarNetwork(int stores) throws IOException, InterruptedException {
        this.stores = stores;
        this.ours = unused();
        try {
            for (var site = 0; site <= stores; site++) {
                make(site);
            }
            for (var store = 1; store <= stores; store++) {
                wire(store);
            }
        } catch (AssertionError | IOException | InterruptedException e) {
            close();
            throw e;
        }
    }

    private static String unused() throws IOException, InterruptedException {
        var taken = ip("-4", "-o", "addr", "show") + "\n" + ip("-4", "route", "show", "table", "all");
        var start = (int) (ProcessHandle.current().pid() % NETWORKS);
        return IntStream.range(0, NETWORKS)
                .mapToObj(number -> "10." + (FIRST + (start + number) % NETWORKS) + ".")
                .filter(network -> !taken.contains(" " + network) && !taken.contains("\n" + network))
                .findFirst()
                .orElseThrow(() -> new AssertionError("every network 10.x is in use:\n" + taken));
    }

    private String namespace(int site) {
        return name + "-" + site;
    }

    private void make(int site) throws IOException, InterruptedException {
        var namespace = namespace(site);
        ip("netns", "add", namespace);
        made.add(namespace);
        in(site, "link", "set", "lo", "up");
        // the table of local addresses is asked second, so that a rule can come before it
        in(site, "rule", "add", "pref", "100", "lookup", "local");
        in(site, "rule", "del", "pref", "0");
        var wire = name + "m" + site;
        ip("link", "add", wire, "type", "veth", "peer", "name", "manage", "netns", namespace);
        ip("addr", "add", ours + site + ".1/30", "dev", wire);
        ip("link", "set", wire, "up");
        in(site, "addr", "add", host(site) + "/30", "dev", "manage");
        in(site, "link", "set", "manage", "up");
    }

    private void wire(int store) throws IOException, InterruptedException {
        var atHq = "store" + store;
        in(0, "link", "add", atHq, "type", "veth", "peer", "name", "hq", "netns", namespace(store));
        in(0, "addr", "add", hqSeenFrom(store) + "/30", "dev", atHq);
        in(0, "link", "set", atHq, "up");
        in(store, "addr", "add", seenFromHq(store) + "/30", "dev", "hq");
        in(store, "link", "set", "hq", "up");
    }

    private static String hqSeenFrom(int store) {
        return "10.214." + store + ".1";
    }

    private static String seenFromHq(int store) {
        return "10.214." + store + ".2";
    }

    /// The address by which we reach a site.
    String host(int site) {
        return ours + site + ".2";
    }

    int port() {
        return PORT;
    }

    /// The words that start a command at a site.
    List<String> prefix(int site) {
        return List.of("ip", "netns", "exec", namespace(site));
    }

    /// HQ's URL, by the wire of a store.
    String hqUrl(int store) {
        return "http://" + hqSeenFrom(store) + ":" + PORT;
    }

    /// Nothing from HQ reaches the store.
    void cutToStore(int store) throws IOException, InterruptedException {
        in(store, "rule", "add", "pref", "10", "from", hqSeenFrom(store), "blackhole");
    }

    /// Nothing from the store reaches HQ.
    void cutToHq(int store) throws IOException, InterruptedException {
        in(0, "rule", "add", "pref", String.valueOf(10 + store), "from", seenFromHq(store), "blackhole");
    }

    /// Both directions are whole again, whatever was cut.
    void heal(int store) throws IOException, InterruptedException {
        in(store, "rule", "flush", "pref", "10");
        in(0, "rule", "flush", "pref", String.valueOf(10 + store));
    }

    void healAll() throws IOException, InterruptedException {
        for (var store = 1; store <= stores; store++) {
            heal(store);
        }
    }

    private void in(int site, String... words) throws IOException, InterruptedException {
        var all = new ArrayList<>(List.of("-n", namespace(site)));
        all.addAll(List.of(words));
        ip(all.toArray(String[]::new));
    }

    private static String ip(String... words) throws IOException, InterruptedException {
        var command = new ArrayList<>(List.of("ip"));
        command.addAll(List.of(words));
        var process = new ProcessBuilder(command).redirectErrorStream(true).start();
        var output = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
        if (process.waitFor() != 0) {
            throw new AssertionError(String.join(" ", command) + " ended with " + process.exitValue() + ": " + output);
        }
        return output;
    }

    /// Takes the namespaces away, and the wires with them.
    @Override
    public void close() {
        for (var namespace : made) {
            try {
                ip("netns", "del", namespace);
            } catch (IOException e) {
                throw new AssertionError("namespace " + namespace + " stays", e);
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
                return;
            }
        }
        made.clear();
    }
}
