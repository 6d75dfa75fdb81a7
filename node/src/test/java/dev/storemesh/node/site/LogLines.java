package dev.storemesh.node.site;

import ch.qos.logback.classic.Level;
import ch.qos.logback.classic.Logger;
import ch.qos.logback.classic.spi.ILoggingEvent;
import ch.qos.logback.core.AppenderBase;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.function.Predicate;
import org.slf4j.LoggerFactory;

/// What this process logs while it is open.
public final class LogLines extends AppenderBase<ILoggingEvent> implements AutoCloseable {
    private final Logger root = (Logger) LoggerFactory.getLogger(org.slf4j.Logger.ROOT_LOGGER_NAME);
    private final List<ILoggingEvent> events = new CopyOnWriteArrayList<>();

    public LogLines() {
        setContext(root.getLoggerContext());
        start();
        root.addAppender(this);
    }

    @Override
    protected void append(ILoggingEvent event) {
        events.add(event);
        synchronized (events) {
            events.notifyAll();
        }
    }

    public List<String> of(Class<?> source, Level level) {
        return events.stream()
                .filter(event -> event.getLoggerName().equals(source.getName())
                        && event.getLevel().equals(level))
                .map(ILoggingEvent::getFormattedMessage)
                .toList();
    }

    /// Waits until so many lines were logged that are like this.
    void await(String what, int times, Duration limit, Predicate<String> like) throws InterruptedException {
        var deadline = System.nanoTime() + limit.toNanos();
        synchronized (events) {
            while (events.stream()
                            .map(ILoggingEvent::getFormattedMessage)
                            .filter(like)
                            .count()
                    < times) {
                var left = Duration.ofNanos(deadline - System.nanoTime()).toMillis();
                if (left <= 0) {
                    throw new AssertionError(what + ": not within " + limit);
                }
                events.wait(left);
            }
        }
    }

    @Override
    public void close() {
        root.detachAppender(this);
        stop();
    }
}
