package dev.storemesh.ops.demo;

import dev.storemesh.ops.process.CommandFailed;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.function.IntPredicate;

/// The HTTP ports of the demo's sites, in their order: HQ, store-1, store-2.
record Ports(List<Integer> numbers) {
    private static final int SITES = 3;
    private static final int DEFAULT_BASE = 8080;
    private static final int HIGHEST = 65_535;

    Ports {
        numbers = List.copyOf(numbers);
        if (numbers.size() != SITES || numbers.stream().distinct().count() != SITES) {
            throw new IllegalArgumentException("ports: " + numbers + " (expected: three different ones)");
        }
        for (var number : numbers) {
            if (number < 1 || number > HIGHEST) {
                throw new IllegalArgumentException("port: " + number + " (expected: 1 to " + HIGHEST + ")");
            }
        }
    }

    /// Ports that were kept stay, since the stores were enrolled with HQ's address; a port that was asked for is a
    /// wish to obey or to refuse; only the default ones give way to whoever has them.
    ///
    /// @param base the first of three consecutive ports, where somebody asked for one
    /// @param free whether nobody listens on a port now
    static Ports plan(OptionalInt base, Optional<Ports> kept, IntPredicate free) throws CommandFailed {
        if (kept.isPresent()) {
            var ports = kept.get();
            if (base.isPresent() && !ports.equals(consecutive(base.getAsInt()))) {
                throw new CommandFailed("The kept folder has the ports " + ports
                        + ", which its stores know HQ by: leave --port out, or use another folder.");
            }
            return ports.allFree("kept", free);
        }
        return base.isPresent() ? consecutive(base.getAsInt()).allFree("wanted", free) : firstFree(free);
    }

    /// Whether nobody listens on `port` of the loopback address now.
    static boolean isFree(int port) {
        try (var socket = new ServerSocket()) {
            socket.setReuseAddress(true);
            socket.bind(new InetSocketAddress(InetAddress.getLoopbackAddress(), port));
            return true;
        } catch (IOException e) {
            return false; // somebody has it, or we may not
        }
    }

    private static Ports consecutive(int base) throws CommandFailed {
        if (base < 1 || base > HIGHEST - SITES + 1) {
            throw new CommandFailed("--port: " + base + " (expected: 1 to " + (HIGHEST - SITES + 1) + ").");
        }
        return new Ports(List.of(base, base + 1, base + 2));
    }

    private static Ports firstFree(IntPredicate free) throws CommandFailed {
        var found = new ArrayList<Integer>();
        for (var port = DEFAULT_BASE; port <= HIGHEST && found.size() < SITES; port++) {
            if (free.test(port)) {
                found.add(port);
            }
        }
        if (found.size() < SITES) {
            throw new CommandFailed("No three ports from " + DEFAULT_BASE + " on are free.");
        }
        return new Ports(found);
    }

    private Ports allFree(String which, IntPredicate free) throws CommandFailed {
        var taken = numbers.stream().filter(port -> !free.test(port)).toList();
        if (!taken.isEmpty()) {
            throw new CommandFailed("Of the " + which + " ports " + this + ", another process has " + join(taken)
                    + ": is another demo still running?");
        }
        return this;
    }

    @Override
    public String toString() {
        return join(numbers);
    }

    private static String join(List<Integer> numbers) {
        return String.join(", ", numbers.stream().map(String::valueOf).toList());
    }
}
