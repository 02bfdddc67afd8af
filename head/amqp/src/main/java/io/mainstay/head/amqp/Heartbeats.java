package io.mainstay.head.amqp;

import io.netty.channel.EventLoop;
import io.netty.util.concurrent.ScheduledFuture;

import org.jspecify.annotations.Nullable;

import java.util.concurrent.TimeUnit;

/// Keeps a quiet connection alive, and ends one whose client is gone. Event loop only.
///
/// It looks twice in an interval: nothing written since means a heartbeat; nothing read at [#SILENT_LOOKS] looks in a row means that the client is gone. Any
/// byte counts.
///
/// A client that is held back is not read, so neither its silence nor the end of its connection shows. But who is gone answers what is written to it with a
/// reset, and the next write fails: so it is written to more often.
final class Heartbeats {

    /// Two intervals, and the part of one in which the last byte came.
    static final int SILENT_LOOKS = 5;

    /// How often a client is written to while it is held back, also if no heartbeats are agreed: clients take one at any time.
    static final int HELD_BACK_SECONDS = 2;

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
    private final EventLoop loop;
    private @Nullable ScheduledFuture<?> heldBack;
    private final @Nullable ScheduledFuture<?> looks;
    private long bytesIn;
    private long bytesOut;
    private int silent;

    /// @param seconds agreed interval, 0: none
    Heartbeats(Line line, EventLoop loop, int seconds) {
        this.line = line;
        this.loop = loop;
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

    /// The client is held back from now on, or not any more. Asked twice it is the same.
    void heldBack(boolean is) {
        if (is && heldBack == null) {
            heldBack =
                    loop.scheduleAtFixedRate(
                            line::beat, HELD_BACK_SECONDS, HELD_BACK_SECONDS, TimeUnit.SECONDS);
        } else if (!is && heldBack != null) {
            heldBack.cancel(false);
            heldBack = null;
        }
    }

    void stop() {
        heldBack(false);
        if (looks != null) {
            looks.cancel(false);
        }
    }
}
