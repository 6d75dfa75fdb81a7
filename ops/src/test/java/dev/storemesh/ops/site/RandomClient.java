package dev.storemesh.ops.site;

import com.fasterxml.jackson.databind.JsonNode;
import dev.storemesh.ops.history.Action;
import dev.storemesh.ops.history.CatalogLog;
import dev.storemesh.ops.history.Changes;
import dev.storemesh.ops.history.Operation;
import dev.storemesh.ops.history.Operation.Link;
import dev.storemesh.ops.history.Operation.Page;
import dev.storemesh.ops.history.Operation.Seen;
import dev.storemesh.ops.history.Outcome;
import dev.storemesh.ops.site.Asking.Request;
import dev.storemesh.ops.site.Asking.Settled;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.SplittableRandom;
import java.util.TreeMap;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;
import java.util.function.BooleanSupplier;
import java.util.function.Function;

/// A client that does anything that may be done to a few catalogs, at any of the nodes, and has all of it written
/// down. Each of its writes sets values that are its key, so that everybody can tell whose they are.
final class RandomClient {
    static final int SHARED = 12;

    private static final int OWN = 4;
    private static final long THINKING_NANOS = TimeUnit.MILLISECONDS.toNanos(12);

    private final int number;
    private final List<String> catalogs;
    private final Asking asking;
    private final Scribe scribe;
    private final SplittableRandom random;
    private final Map<String, Deque<String>> own = new HashMap<>();
    private final Map<String, Long> seen = new HashMap<>();
    private int count;

    RandomClient(int number, List<String> catalogs, List<Caller> nodes, Scribe scribe, SplittableRandom random) {
        this.number = number;
        this.catalogs = catalogs;
        this.asking = new Asking(nodes, random.split());
        this.scribe = scribe;
        this.random = random;
    }

    static String shared(int object) {
        return "s-" + object;
    }

    void work(BooleanSupplier enough) {
        while (!enough.getAsBoolean()) {
            var catalog = catalogs.get(random.nextInt(catalogs.size()));
            anything(catalog, random.nextInt(50));
            LockSupport.parkNanos(random.nextLong(2 * THINKING_NANOS));
        }
    }

    private void anything(String catalog, int dice) {
        if (dice >= 25) {
            write(catalog);
        } else if (dice >= 7) {
            look(catalog, any(catalog));
        } else if (dice >= 4) {
            lookBack(catalog);
        } else if (dice == 3) {
            follow(catalog, Math.max(0, newest(catalog) - random.nextInt(40)));
        } else if (dice == 2) {
            ask(catalog);
        } else if (dice == 1) {
            leaf(catalog);
        } else {
            transaction(catalog);
        }
    }

    private String key() {
        return "c" + number + "-" + count++;
    }

    private Operation record(String catalog, Action action, long invoked, Settled settled) {
        var operation =
                new Operation(number, catalog, invoked, scribe.now(), settled.node(), action, settled.outcome());
        operation(operation);
        return operation;
    }

    private void operation(Operation operation) {
        scribe.add(operation);
        switch (operation.outcome()) {
            case Outcome.Made(var version) -> seen.merge(operation.catalog(), version, Math::max);
            case Outcome.Stood(var version, var chain, var open) -> seen.merge(operation.catalog(), version, Math::max);
            default -> {}
        }
    }

    private long newest(String catalog) {
        return seen.getOrDefault(catalog, 1L);
    }

    private Deque<String> own(String catalog) {
        return own.computeIfAbsent(catalog, name -> new ArrayDeque<>());
    }

    private String any(String catalog) {
        var mine = Optional.ofNullable(own(catalog).peekFirst());
        return mine.isPresent() && random.nextInt(5) == 0 ? mine.get() : shared(random.nextInt(SHARED));
    }

    // Writes

    private void write(String catalog) {
        var key = key();
        var deleted = own(catalog).size() > OWN ? Set.of(own(catalog).removeFirst()) : Set.<String>of();
        var changes = changes(key, deleted);
        var invoked = scribe.now();
        var headers = new HashMap<>(Map.of("Idempotency-Key", key));
        if (random.nextBoolean()) {
            headers.put("Prefer", "wait=" + random.nextInt(1, 4));
        }
        var settled = asking.change(
                new Request("POST", path(catalog, "/writes"), body(key, changes, ""), headers),
                reply -> new Outcome.Made(reply.body().path("version").asLong()),
                false);
        record(catalog, new Action.Write(key, changes), invoked, settled);
        if (settled.outcome() instanceof Outcome.Made) {
            created(key, changes).ifPresent(own(catalog)::addLast);
        } else {
            deleted.forEach(own(catalog)::addLast); // it may be gone, and then it is refused the next time
        }
    }

    /// A few of the shared objects, perhaps a new one, and those that go.
    private Changes changes(String key, Set<String> deleted) {
        var set = new TreeMap<String, String>();
        for (var i = random.nextInt(1, 4); i > 0; i--) {
            set.put(shared(random.nextInt(SHARED)), key);
        }
        if (random.nextInt(8) == 0) {
            set.put("n-" + key, key);
        }
        return new Changes(set, deleted);
    }

    private static Optional<String> created(String key, Changes changes) {
        return Optional.of("n-" + key).filter(changes.set()::containsKey);
    }

    static String body(String key, Changes changes, String more) {
        var operations = new ArrayList<String>();
        changes.set()
                .forEach((object, value) -> operations.add("{\"op\":\"put\",\"object\":\"" + object + "\","
                        + (object.equals("n-" + key) || key.equals("first")
                                ? "\"create\":true,\"type\":\"retail.item\","
                                : "")
                        + "\"set\":[{\"attribute\":\"" + CatalogLog.VALUE + "\",\"value\":\"" + value + "\"}]}"));
        changes.deleted().forEach(object -> operations.add("{\"op\":\"delete\",\"object\":\"" + object + "\"}"));
        return "{\"operations\":[" + String.join(",", operations) + "]" + more + "}";
    }

    static String path(String catalog, String more) {
        return "/catalogs/" + catalog + more;
    }

    // Transactions

    /// The idle time is short, since nobody else writes until a transaction that got lost is over.
    private void transaction(String catalog) {
        var name = key();
        var seconds = random.nextInt(4) == 0 ? 1 : random.nextInt(4, 12);
        var invoked = scribe.now();
        var settled = asking.change(
                new Request(
                        "POST",
                        path(catalog, "/transaction"),
                        "{\"idleSeconds\":" + seconds + "}",
                        Map.of("Idempotency-Key", name)),
                reply -> new Outcome.Opened(
                        reply.body().path("version").asLong(),
                        reply.body().path("lock").asText()),
                false);
        record(catalog, new Action.Open(name, TimeUnit.SECONDS.toNanos(seconds)), invoked, settled);
        if (settled.outcome() instanceof Outcome.Opened(var version, var lock)) {
            hold(catalog, name, lock, seconds == 1);
        }
    }

    private void hold(String catalog, String name, String lock, boolean isBrief) {
        var created = new ArrayList<String>();
        for (var steps = random.nextInt(5); steps > 0; steps--) {
            if (!step(catalog, name, lock, created)) {
                return;
            }
            if (random.nextBoolean()) {
                lookInside(catalog, name, lock, shared(random.nextInt(SHARED)));
            } else {
                look(catalog, shared(random.nextInt(SHARED))); // as everybody sees it
            }
        }
        if (isBrief && random.nextInt(8) == 0) {
            idle(catalog, name, lock);
        } else {
            end(catalog, name, lock, created);
        }
    }

    /// @return whether to go on
    private boolean step(String catalog, String name, String lock, List<String> created) {
        var key = key();
        var changes = changes(key, Set.of());
        var invoked = scribe.now();
        var settled = asking.change(
                new Request(
                        "POST",
                        path(catalog, "/writes"),
                        body(key, changes, ""),
                        Map.of("Idempotency-Key", key, "Storemesh-Lock", lock)),
                reply -> new Outcome.Staged(
                        reply.body().path("version").asLong(),
                        reply.body().path("step").asInt()),
                false);
        record(catalog, new Action.Step(name, key, changes), invoked, settled);
        created(key, changes).ifPresent(created::add);
        return !(settled.outcome() instanceof Outcome.Over);
    }

    private void end(String catalog, String name, String lock, List<String> created) {
        var commits = random.nextInt(3) > 0;
        var invoked = scribe.now();
        var settled = asking.change(
                new Request(
                        commits ? "POST" : "DELETE",
                        path(catalog, commits ? "/transaction/commit" : "/transaction"),
                        "",
                        Map.of("Storemesh-Lock", lock)),
                reply -> new Outcome.Ended(
                        reply.body().path("version").asLong(),
                        reply.body().path("void").asBoolean()),
                true);
        record(catalog, commits ? new Action.Commit(name) : new Action.RollBack(name), invoked, settled);
        if (settled.outcome() instanceof Outcome.Ended(var version, var undone) && !undone) {
            created.forEach(own(catalog)::addLast);
        }
    }

    /// Writes nothing until it is over.
    private void idle(String catalog, String name, String lock) {
        for (var i = 0; i < 100; i++) {
            if (lookInside(catalog, name, lock, shared(random.nextInt(SHARED))) instanceof Outcome.Over) {
                return;
            }
            LockSupport.parkNanos(10 * THINKING_NANOS);
        }
    }

    // Reads

    private Outcome read(String catalog, Action action, Request request, Function<Reply, Outcome> good) {
        var invoked = scribe.now();
        return record(catalog, action, invoked, asking.read(request, good)).outcome();
    }

    private void look(String catalog, String object) {
        read(
                catalog,
                new Action.Look(object),
                Request.get(path(catalog, "/objects/" + object), Map.of()),
                RandomClient::saw);
    }

    private void lookBack(String catalog) {
        var object = any(catalog);
        var version = random.nextLong(1, newest(catalog) + 1);
        read(
                catalog,
                new Action.LookBack(object, version),
                Request.get(path(catalog, "/objects/" + object + "?version=" + version), Map.of()),
                RandomClient::saw);
    }

    private Outcome lookInside(String catalog, String transaction, String lock, String object) {
        return read(
                catalog,
                new Action.LookInside(transaction, object),
                Request.get(path(catalog, "/objects/" + object), Map.of("Storemesh-Lock", lock)),
                RandomClient::saw);
    }

    private static Outcome saw(Reply reply) {
        return new Outcome.Saw(reply.version(), reply.status() == 404 ? List.of() : List.of(seen(reply.body())));
    }

    static Seen seen(JsonNode object) {
        var value = object.path("attributes")
                .valueStream()
                .filter(row -> row.path("attribute").asText().equals(CatalogLog.VALUE))
                .map(row -> row.path("value").asText())
                .findFirst()
                .orElse("");
        return new Seen(
                object.path("object").asText(), value, object.path("version").asLong());
    }

    private void ask(String catalog) {
        read(
                catalog,
                new Action.Ask(),
                Request.get(path(catalog, ""), Map.of()),
                reply -> new Outcome.Stood(
                        reply.body().path("visible").asLong(),
                        reply.body().path("chain").asText(),
                        reply.body().path("transaction").path("version").asLong()));
    }

    private void follow(String catalog, long after) {
        read(
                catalog,
                new Action.Follow(after),
                Request.get(path(catalog, "/log?limit=20&after=" + after), Map.of()),
                reply -> new Outcome.Followed(
                        reply.body().path("version").asLong(),
                        reply.body()
                                .path("entries")
                                .valueStream()
                                .filter(entry -> !entry.has("step"))
                                .map(entry -> new Link(
                                        entry.path("version").asLong(),
                                        entry.path("chain").asText()))
                                .toList()));
    }

    /// Looks at all there is to see in the end.
    void audit(String catalog) {
        ask(catalog);
        leaf(catalog);
        for (var object = 0; object < SHARED; object++) {
            look(catalog, shared(object));
        }
    }

    /// All objects, page by page, each from any node.
    private void leaf(String catalog) {
        var limit = random.nextInt(5, 25);
        var pages = new ArrayList<Page>();
        var first = path(catalog, "/objects?type=retail.item&limit=" + limit);
        var path = first;
        var invoked = scribe.now();
        Set<String> taken = new HashSet<>();
        while (true) {
            var next = new ArrayList<String>();
            var settled = asking.read(Request.get(path, Map.of()), reply -> {
                Optional.ofNullable(reply.body().get("next"))
                        .map(JsonNode::asText)
                        .ifPresent(next::add);
                return new Outcome.Leafed(List.of(new Page(
                        0,
                        reply.body().path("version").asLong(),
                        reply.body()
                                .path("objects")
                                .valueStream()
                                .map(RandomClient::seen)
                                .toList())));
            });
            if (!(settled.outcome() instanceof Outcome.Leafed(var found))) {
                record(catalog, new Action.Leaf(), invoked, settled);
                return;
            }
            pages.add(new Page(
                    settled.node(), found.getFirst().version(), found.getFirst().objects()));
            if (next.isEmpty() || !taken.add(next.getFirst())) {
                record(
                        catalog,
                        new Action.Leaf(),
                        invoked,
                        new Settled(pages.getFirst().node(), new Outcome.Leafed(pages)));
                return;
            }
            path = first + "&page=" + next.getFirst();
        }
    }
}
