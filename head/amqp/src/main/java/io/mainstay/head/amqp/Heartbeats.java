package io.mainstay.head.amqp;

import io.netty.channel.EventLoop;
import io.netty.util.concurrent.ScheduledFuture;

import org.jspecify.annotations.Nullable;

import java.util.concurrent.TimeUnit;

/// Keeps a quiet connection alive, and ends one whose client is gone. Event loop only.
///
/// It looks twice in an interval: nothing written since means a heartbeat; nothing read at [#SILENT_LOOKS] looks in a row means that the client is gone. Any
/// byte counts.
final class Heartbeats {

    /// Two intervals, and the part of one in which the last byte came.
    static final int SILENT_LOOKS = 5;

    /// What it looks at.
    interface Line {
        long bytesIn();

        long bytesOut();

        /// Whether the node itself does not read now: then silence says nothing.
        boolean paused();

        void beat();

        void lost();
    }

    private final Line line;
    private final @Nullable ScheduledFuture<?> looks;
    private long bytesIn;
    private long bytesOut;
    private int silent;

    /// @param seconds agreed interval, 0: none
    Heartbeats(Line line, EventLoop loop, int seconds) {
        this.line = line;
        this.bytesIn = line.bytesIn();
        this.bytesOut = line.bytesOut();
        long halfMs = seconds * 500L;
        this.looks =
                seconds == 0
                        ? null
                        : loop.scheduleAtFixedRate(
                                this::look, halfMs, halfMs, TimeUnit.MILLISECONDS);
    }

    void look() {
        if (line.bytesOut() == bytesOut) {
            line.beat();
        }
        bytesOut = line.bytesOut();
        silent = line.bytesIn() == bytesIn && !line.paused() ? silent + 1 : 0;
        bytesIn = line.bytesIn();
        if (silent >= SILENT_LOOKS) {
            stop();
            line.lost();
        }
    }

    void stop() {
        if (looks != null) {
            looks.cancel(false);
        }
    }
}
