package dev.storemesh.http.route;

import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.TimeoutException;
import org.apache.pekko.japi.Pair;
import org.apache.pekko.stream.Attributes;
import org.apache.pekko.stream.FlowShape;
import org.apache.pekko.stream.Inlet;
import org.apache.pekko.stream.Outlet;
import org.apache.pekko.stream.stage.AbstractGraphStageWithMaterializedValue;
import org.apache.pekko.stream.stage.AbstractInHandler;
import org.apache.pekko.stream.stage.AbstractOutHandler;
import org.apache.pekko.stream.stage.GraphStageLogic;
import org.apache.pekko.stream.stage.TimerGraphStageLogic;
import org.apache.pekko.util.ByteString;

/// Passes bytes on, and when nobody wants more of them goes on to take and drop them for a while. Gives up when
/// nothing comes that is waited for. Materializes whether all has come, when it is over.
final class Drained
        extends AbstractGraphStageWithMaterializedValue<FlowShape<ByteString, ByteString>, CompletionStage<Boolean>> {
    private static final long DROPPED_BYTES = 256L << 20;
    private static final Duration DROP_TIME = Duration.ofSeconds(5);
    private static final Duration LOOK = Duration.ofMillis(250);

    private final Inlet<ByteString> in = Inlet.create("Drained.in");
    private final Outlet<ByteString> out = Outlet.create("Drained.out");
    private final FlowShape<ByteString, ByteString> shape = FlowShape.of(in, out);
    private final Duration patience;

    Drained(Duration patience) {
        this.patience = patience;
    }

    @Override
    public FlowShape<ByteString, ByteString> shape() {
        return shape;
    }

    @Override
    public Pair<GraphStageLogic, CompletionStage<Boolean>> createLogicAndMaterializedValuePair(Attributes inherited) {
        var over = new CompletableFuture<Boolean>();
        return Pair.create(new Logic(over), over);
    }

    private final class Logic extends TimerGraphStageLogic {
        private final CompletableFuture<Boolean> over;
        private boolean waiting; // for bytes
        private long waitingSince;
        private boolean dropping;
        private long droppingSince;
        private long dropped;

        Logic(CompletableFuture<Boolean> over) {
            super(shape);
            this.over = over;
            setHandler(in, new AbstractInHandler() {
                @Override
                public void onPush() {
                    came(grab(in));
                }

                @Override
                public void onUpstreamFinish() {
                    over.complete(true);
                    completeStage();
                }

                @Override
                public void onUpstreamFailure(Throwable failure) {
                    over.complete(false);
                    failStage(failure);
                }
            });
            setHandler(out, new AbstractOutHandler() {
                @Override
                public void onPull() {
                    want();
                }

                @Override
                public void onDownstreamFinish(Throwable cause) {
                    drop();
                }
            });
        }

        @Override
        public void preStart() {
            scheduleWithFixedDelay("look", LOOK, LOOK);
        }

        @Override
        public void postStop() {
            over.complete(false); // unless it was told before
        }

        private void want() {
            waiting = true;
            waitingSince = System.nanoTime();
            pull(in);
        }

        private void came(ByteString bytes) {
            waiting = false;
            if (!dropping) {
                push(out, bytes);
                return;
            }
            dropped += bytes.size();
            if (dropped > DROPPED_BYTES) {
                completeStage();
            } else {
                want();
            }
        }

        private void drop() {
            dropping = true;
            droppingSince = System.nanoTime();
            if (isClosed(in)) {
                completeStage();
            } else if (!hasBeenPulled(in)) {
                want();
            }
        }

        @Override
        public void onTimer(Object key) {
            var now = System.nanoTime();
            if (dropping && now - droppingSince > DROP_TIME.toNanos()) {
                completeStage();
            } else if (!dropping && waiting && now - waitingSince > patience.toNanos()) {
                over.complete(false);
                failStage(new TimeoutException("nothing came for " + patience));
            }
        }
    }
}
