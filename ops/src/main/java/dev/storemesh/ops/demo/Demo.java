package dev.storemesh.ops.demo;

import dev.storemesh.ops.api.ApiException;
import dev.storemesh.ops.api.Locations;
import dev.storemesh.ops.demo.Tour.Item;
import dev.storemesh.ops.process.CommandFailed;
import dev.storemesh.ops.process.NodeLaunch;
import dev.storemesh.ops.process.NodeProcess;
import java.io.IOException;
import java.net.http.HttpClient;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.stream.StreamSupport;

/// Brings a little chain up: HQ and two stores, each a process of its own, the stores enrolled and holding the
/// catalog. Every step looks at what is there and does only what is missing, so that a kept folder is found again
/// whole and an interrupted start is completed by the next one.
final class Demo {
    static final String CATALOG = "demo";
    static final String HQ = "hq";
    static final List<String> STORES = List.of("store-1", "store-2");

    private static final String EDITOR = "hq.editor";
    private static final String APPROVER = "hq.approver";
    private static final Duration READY_LIMIT = Duration.ofMinutes(1);
    private static final Duration FOLLOW_LIMIT = Duration.ofMinutes(2);

    private final Home home;
    private final Fleet fleet;
    private final NodeLaunch launch;
    private final Goods goods;
    private final boolean goodsWanted;
    private final Progress progress;
    private final HttpClient health = HttpClient.newBuilder()
            .version(HttpClient.Version.HTTP_1_1)
            .connectTimeout(Duration.ofSeconds(2))
            .build();
    private DemoState state;

    /// @param goodsWanted whether somebody asked for just these goods; else any that were imported before will do
    private Demo(
            Home home,
            Fleet fleet,
            NodeLaunch launch,
            Goods goods,
            boolean goodsWanted,
            Progress progress,
            DemoState state) {
        this.home = home;
        this.fleet = fleet;
        this.launch = launch;
        this.goods = goods;
        this.goodsWanted = goodsWanted;
        this.progress = progress;
        this.state = state;
    }

    /// What is up now.
    record Running(Description description, Item item) {}

    /// Returns when both stores hold what HQ holds. On failure some nodes may be running: the caller stops the fleet.
    static Running start(
            Home home,
            Fleet fleet,
            NodeLaunch launch,
            Goods goods,
            boolean goodsWanted,
            OptionalInt basePort,
            Progress progress)
            throws CommandFailed, InterruptedException {
        var kept = home.state();
        var ports = Ports.plan(basePort, kept.map(DemoState::ports), Ports::isFree);
        var state = kept.orElseGet(() -> DemoState.fresh(ports));
        home.save(state);
        var demo = new Demo(home, fleet, launch, goods, goodsWanted, progress, state);
        try {
            return demo.run(kept.isEmpty());
        } catch (ApiException failure) {
            throw new CommandFailed(demo.blame(failure), failure);
        }
    }

    private Running run(boolean fresh) throws CommandFailed, ApiException, InterruptedException {
        var homes = new ArrayList<Path>();
        homes.add(home.site(HQ, port(0), fresh));
        for (var i = 0; i < STORES.size(); i++) {
            homes.add(home.site(STORES.get(i), port(i + 1), fresh));
        }
        var hq = launch(HQ, 0, homes, List.of());
        var stores = new ArrayList<Optional<NodeProcess>>();
        for (var i = 0; i < STORES.size(); i++) { // one that is enrolled needs nothing of HQ to start
            stores.add(
                    state.following().contains(STORES.get(i))
                            ? Optional.of(launch(STORES.get(i), i + 1, homes, List.of()))
                            : Optional.empty());
        }
        hq.awaitReady(health, READY_LIMIT);
        progress.step("HQ is ready at " + hq.url());
        var operator = Access.operator(hq);
        operator.createCatalog(CATALOG);
        for (var store : STORES) {
            Locations.ensure(operator.api(), CATALOG, store);
        }
        var editor = token(EDITOR, "editor", hq, operator);
        var approver = token(APPROVER, "approver", hq, operator);
        var nodes = new ArrayList<NodeProcess>();
        for (var i = 0; i < STORES.size(); i++) {
            var running = stores.get(i);
            nodes.add(running.isPresent() ? running.get() : join(STORES.get(i), i + 1, homes, hq, operator));
        }
        importGoods(hq, editor);
        operator.ensureRule(CATALOG);
        var head = operator.visible(CATALOG).orElseThrow();
        var described = new ArrayList<Description.Store>();
        for (var store : nodes) {
            described.add(follow(store, hq, head));
        }
        var item = item(Access.with(hq, editor), head);
        return new Running(
                new Description(CATALOG, new Description.Hq(hq.url(), hq.pid(), editor, approver), described), item);
    }

    private int port(int index) {
        return state.ports().numbers().get(index);
    }

    private NodeProcess launch(String id, int index, List<Path> homes, List<String> more) throws CommandFailed {
        var node = NodeProcess.start(id, port(index), homes.get(index), launch, more);
        fleet.add(node);
        progress.step(id + " starts (process " + node.pid() + ")");
        return node;
    }

    private NodeProcess join(String id, int index, List<Path> homes, NodeProcess hq, Access operator)
            throws CommandFailed, ApiException, InterruptedException {
        if (operator.hasSpoken(id)) { // enrolled by a start that was interrupted later on
            return launch(id, index, homes, List.of());
        }
        var joinToken = operator.joinToken(id, CATALOG);
        return launch(id, index, homes, List.of("--join", hq.url(), "--token", joinToken));
    }

    /// The token kept for `use` while it is good for anything, else a new one.
    private String token(String use, String role, NodeProcess node, Access operator)
            throws CommandFailed, ApiException, InterruptedException {
        var kept = Optional.ofNullable(state.tokens().get(use));
        if (kept.isPresent() && Access.with(node, kept.get()).isKnown(CATALOG)) {
            return kept.get();
        }
        var token = operator.createToken("demo " + role, role, CATALOG);
        save(state.withToken(use, token));
        return token;
    }

    private void importGoods(NodeProcess hq, String editor) throws CommandFailed, ApiException, InterruptedException {
        if (state.imported().isPresent() && !goodsWanted) {
            progress.step("the catalog is there already");
            return;
        }
        if (state.imported().equals(Optional.of(goods.fingerprint()))) {
            progress.step(goods.title() + " was imported already and has not changed since");
            return;
        }
        progress.step("importing " + goods.title() + " at HQ");
        goods.importInto(Access.with(hq, editor).api(), CATALOG, progress);
        save(state.withImported(goods.fingerprint()));
    }

    /// Waits until the store shows HQ's version, and gives it a token of its own.
    private Description.Store follow(NodeProcess store, NodeProcess hq, long head)
            throws CommandFailed, ApiException, InterruptedException {
        store.awaitReady(health, READY_LIMIT);
        var operator = Access.operator(store);
        var deadline = System.nanoTime() + FOLLOW_LIMIT.toNanos();
        var seen = operator.visible(CATALOG);
        while (seen.isEmpty() || seen.getAsLong() < head) {
            store.pause();
            if (hq.ended().isDone()) {
                hq.pause(); // says how it ended
            }
            if (System.nanoTime() - deadline > 0) {
                throw new CommandFailed(store.id() + " did not reach version " + head + " of HQ within "
                        + FOLLOW_LIMIT.toSeconds() + " s; its log is "
                        + store.home().resolve("node.log"));
            }
            seen = operator.visible(CATALOG);
        }
        progress.step(store.id() + " is ready at " + store.url() + " and holds version " + seen.getAsLong());
        if (!state.following().contains(store.id())) {
            save(state.withFollowing(store.id()));
        }
        return new Description.Store(
                store.id(), store.url(), store.pid(), token(store.id(), "editor", store, operator));
    }

    private Item item(Access hq, long version) throws CommandFailed, ApiException, InterruptedException {
        return StreamSupport.stream(hq.items(CATALOG, version).spliterator(), false)
                .flatMap(object -> Item.find(object, version).stream())
                .findFirst()
                .orElseThrow(() -> new CommandFailed("The catalog holds no item with a price to show."));
    }

    private void save(DemoState next) throws CommandFailed {
        state = next;
        home.save(next);
    }

    /// A node that died explains a failed request better than the request does.
    private String blame(ApiException failure) throws InterruptedException {
        for (var node : fleet.nodes()) {
            try {
                node.pause();
            } catch (CommandFailed died) {
                return String.valueOf(died.getMessage());
            }
        }
        return String.valueOf(failure.getMessage());
    }

    /// Writes the description for scripts: whole, private, and only now that everything is ready.
    static void describe(Description description, Path file) throws CommandFailed {
        try {
            PrivateFile.write(file, description.toJson().toPrettyString() + "\n");
        } catch (IOException e) {
            throw new CommandFailed("--describe: " + file + " cannot be written: " + e, e);
        }
    }
}
