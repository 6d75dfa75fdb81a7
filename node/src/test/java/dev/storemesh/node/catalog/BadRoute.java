package dev.storemesh.node.catalog;

import dev.storemesh.node.catalog.ObjectPartition.Feed;
import java.util.ArrayList;
import java.util.List;
import java.util.SplittableRandom;
import org.apache.pekko.cluster.sharding.typed.javadsl.EntityRef;

/// Loses, repeats, delays and reorders feeds.
final class BadRoute implements Partitions.FeedRoute {
    private final SplittableRandom random;
    private final List<Delayed> delayed = new ArrayList<>();

    private record Delayed(EntityRef<ObjectPartition.Message> partition, Feed feed) {}

    BadRoute(long seed) {
        random = new SplittableRandom(seed);
    }

    @Override
    public synchronized void deliver(EntityRef<ObjectPartition.Message> partition, Feed feed) {
        switch (random.nextInt(5)) {
            case 0 -> {} // lost
            case 1 -> {
                partition.tell(feed);
                partition.tell(feed);
            }
            case 2 -> delayed.add(new Delayed(partition, feed));
            default -> partition.tell(feed);
        }
        while (!delayed.isEmpty() && random.nextInt(3) == 0) {
            var late = delayed.remove(random.nextInt(delayed.size()));
            late.partition().tell(late.feed());
        }
    }
}
