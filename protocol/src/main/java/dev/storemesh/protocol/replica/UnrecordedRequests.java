package dev.storemesh.protocol.replica;

import dev.storemesh.protocol.change.QueuedRequest;
import dev.storemesh.protocol.change.RequestId;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Set;
import java.util.stream.Stream;

/// Queued requests in the order of their sequences, never changed: what comes after shares nearly all with what was
/// before, so that a queue of a hundred thousand grows by one as fast as an empty one. Compares by its requests.
final class UnrecordedRequests {
    private static final int CHUNK = 256;

    static final UnrecordedRequests NONE = new UnrecordedRequests(List.of());

    private final List<List<QueuedRequest>> chunks; // none of them empty

    private UnrecordedRequests(List<List<QueuedRequest>> chunks) {
        this.chunks = chunks;
    }

    static UnrecordedRequests of(Collection<QueuedRequest> requests) {
        var all = List.copyOf(requests);
        var chunks = new ArrayList<List<QueuedRequest>>();
        for (var from = 0; from < all.size(); from += CHUNK) {
            chunks.add(List.copyOf(all.subList(from, Math.min(all.size(), from + CHUNK))));
        }
        return new UnrecordedRequests(chunks);
    }

    int size() {
        return chunks.stream().mapToInt(List::size).sum();
    }

    Stream<QueuedRequest> stream() {
        return chunks.stream().flatMap(List::stream);
    }

    /// From the first after `sequence` on.
    Stream<QueuedRequest> after(long sequence) {
        return chunks.stream()
                .filter(chunk -> chunk.getLast().sequence() > sequence)
                .flatMap(List::stream)
                .filter(request -> request.sequence() > sequence);
    }

    UnrecordedRequests plus(QueuedRequest request) {
        var more = new ArrayList<>(chunks);
        if (chunks.isEmpty() || chunks.getLast().size() >= CHUNK) {
            more.add(List.of(request));
        } else {
            var last = new ArrayList<>(chunks.getLast());
            last.add(request);
            more.set(more.size() - 1, List.copyOf(last));
        }
        return new UnrecordedRequests(more);
    }

    UnrecordedRequests without(Set<RequestId> ids) {
        var rest = new ArrayList<List<QueuedRequest>>();
        for (var chunk : chunks) {
            if (chunk.stream().noneMatch(request -> ids.contains(request.id()))) {
                rest.add(chunk);
            } else {
                var kept = chunk.stream()
                        .filter(request -> !ids.contains(request.id()))
                        .toList();
                if (!kept.isEmpty()) {
                    rest.add(kept);
                }
            }
        }
        return new UnrecordedRequests(rest);
    }

    @Override
    public boolean equals(Object other) {
        return other instanceof UnrecordedRequests requests
                && stream().toList().equals(requests.stream().toList());
    }

    @Override
    public int hashCode() {
        return stream().toList().hashCode();
    }

    @Override
    public String toString() {
        return stream().toList().toString();
    }
}
