package dev.storemesh.protocol.object;

import dev.storemesh.protocol.log.Position;
import java.util.List;

/// What a partition knows of copies that its site takes over: the objects of one that is coming in, and the
/// position of the row that made the last one whole; START: there was none.
public record LoadImage(List<VersionedObject> arriving, Position whole) {
    public static final LoadImage EMPTY = new LoadImage(List.of(), Position.START);

    public LoadImage {
        arriving = List.copyOf(arriving);
    }

    LoadImage within(HashRange range) {
        return new LoadImage(
                arriving.stream().filter(object -> range.holds(object.key())).toList(), whole);
    }
}
