package dev.storemesh.node.catalog;

import java.time.Duration;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;
import org.apache.pekko.Done;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// Keeps what actors of this node hold in memory below so many bytes. Each says what it holds, about, and when it was
/// used; over the limit those that were not used for the longest are asked to leave. What is larger than the limit by
/// itself stays, since it would only come back. Safe for all threads.
final class MemoryBudget {
    private static final Logger LOG = LoggerFactory.getLogger(MemoryBudget.class);
    private static final long ACTOR = 4_500; // what one takes that holds nothing, with its place in its shard
    private static final Duration ROOM_PATIENCE = Duration.ofSeconds(2);
    private static final long SOON = Duration.ofSeconds(10).toNanos(); // to leave so soon is a sign of too little
    private static final long QUIET = Duration.ofMinutes(1).toNanos(); // between two warnings

    private final String what;
    private final long limit;
    private final Set<Resident> residents = ConcurrentHashMap.newKeySet();
    private final AtomicLong held = new AtomicLong();
    private final AtomicLong leaving = new AtomicLong(); // of what is held
    private final Map<Long, CompletableFuture<Done>> waiting = new LinkedHashMap<>(); // for those that are leaving
    private long lastWaiting; // the number of the last one
    private final AtomicLong arrivals = new AtomicLong(); // by which uses are ordered: those between two are alike
    private long warned = System.nanoTime() - QUIET;

    /// @param what they are, for the log
    MemoryBudget(String what, long limit) {
        this.what = what;
        this.limit = limit;
    }

    long limit() {
        return limit;
    }

    /// About how many bytes all of them hold, those among them that were asked to leave.
    long held() {
        return held.get();
    }

    /// How many there are.
    int size() {
        return residents.size();
    }

    MemoryUse use() {
        return new MemoryUse(what, size(), held(), limit());
    }

    /// One that holds nothing yet.
    ///
    /// @param leave asks it to leave, from any thread. It then says [Resident#left()] sooner or later, or at once
    /// [Resident#stays()]
    Resident enter(String name, Runnable leave) {
        return new Resident(name, leave);
    }

    /// When those have left that were asked to, if there is too much; not much later in any case. Who is about to bring
    /// more waits for that.
    CompletionStage<Done> room() {
        return hasRoom() ? CompletableFuture.completedFuture(Done.getInstance()) : roomLater();
    }

    private synchronized CompletionStage<Done> roomLater() {
        var room = new CompletableFuture<Done>();
        var number = ++lastWaiting;
        waiting.put(number, room);
        someLeft();
        return room.completeOnTimeout(Done.getInstance(), ROOM_PATIENCE.toMillis(), TimeUnit.MILLISECONDS)
                .whenComplete((done, failure) -> forget(number));
    }

    private synchronized void forget(long number) {
        waiting.remove(number);
    }

    /// How many wait for room now.
    synchronized int waiting() {
        return waiting.size();
    }

    private boolean hasRoom() {
        return held.get() <= limit || leaving.get() == 0;
    }

    private boolean isOver() {
        return held.get() - leaving.get() > limit;
    }

    /// Not one by one: the next that comes finds room.
    private synchronized void makeRoom(Resident newest) {
        if (!isOver()) {
            return;
        }
        var least = residents.stream()
                .filter(resident -> resident != newest && !resident.leaves)
                .map(Candidate::new)
                .sorted(Comparator.comparingLong(Candidate::used))
                .iterator();
        var soon = false;
        while (held.get() - leaving.get() > limit - limit / 16 && least.hasNext()) {
            var resident = least.next().resident();
            soon |= System.nanoTime() - resident.entered < SOON;
            resident.mark();
            resident.leave.run();
        }
        if (soon || isOver()) {
            warn(newest);
        }
    }

    /// A use may come while they are being sorted.
    private record Candidate(Resident resident, long used) {
        Candidate(Resident resident) {
            this(resident, resident.used);
        }
    }

    private void warn(Resident newest) {
        var since = System.nanoTime();
        if (since - warned >= QUIET) {
            warned = since;
            LOG.warn(
                    "{}: what is in use does not fit into {} bytes (storemesh.partition.memory): [{}] alone takes {};"
                            + " some leave memory less than 10 s after they came, and answers take longer",
                    what,
                    limit,
                    newest.name,
                    newest.bytes);
        }
    }

    private synchronized void someLeft() {
        if (hasRoom()) {
            waiting.values().forEach(room -> room.completeAsync(Done::getInstance));
            waiting.clear();
        }
    }

    /// One of those that share the memory.
    final class Resident {
        private final String name;
        private final Runnable leave;
        private final long entered = System.nanoTime();
        private volatile long used = arrivals.get();
        private volatile long bytes;
        private volatile boolean leaves;
        private long marked; // so much is counted as leaving
        private boolean gone;

        private Resident(String name, Runnable leave) {
            this.name = name;
            this.leave = leave;
        }

        /// It is used now, and holds about so many bytes. Cheap where nothing has changed.
        void holds(long itself) {
            var newest = itself + ACTOR;
            used();
            if (bytes != newest) {
                change(newest);
            }
        }

        /// It is used now.
        void used() {
            var now = arrivals.get();
            if (used != now) {
                used = now;
            }
        }

        private void change(long newest) {
            if (grow(newest) && isOver()) {
                makeRoom(this);
            }
        }

        private synchronized boolean grow(long newest) {
            if (gone) {
                return false;
            }
            if (bytes == 0) {
                residents.add(this);
                used = arrivals.incrementAndGet();
            }
            held.addAndGet(newest - bytes);
            bytes = newest;
            return true;
        }

        private synchronized void mark() {
            if (!gone) {
                leaves = true;
                marked = bytes;
                leaving.addAndGet(marked);
            }
        }

        /// It was asked to leave, and cannot just now.
        void stays() {
            unmark();
            used = arrivals.incrementAndGet(); // after all who are here: they are asked first
            someLeft();
        }

        private synchronized void unmark() {
            leaving.addAndGet(-marked);
            marked = 0;
            leaves = false;
        }

        /// It holds nothing any more.
        void left() {
            synchronized (this) {
                if (gone) {
                    return;
                }
                gone = true;
                unmark();
                held.addAndGet(-bytes);
                bytes = 0;
                residents.remove(this);
            }
            someLeft();
        }
    }
}
