package io.mainstay.messaging.queue.simulation;

import static io.mainstay.kernel.group.SimHost.require;

import io.mainstay.messaging.api.Delivery;
import io.mainstay.messaging.api.DeliveryListener;
import io.mainstay.messaging.api.QueueConsumer;
import io.mainstay.messaging.api.QueueSession;
import io.mainstay.messaging.api.QueueSession.ConsumerSpec;
import io.mainstay.messaging.api.QueueSession.Settlement;
import io.mainstay.messaging.api.QueueSession.StreamOffset;
import io.mainstay.messaging.api.QueueView;
import io.mainstay.messaging.api.TopologyOutcome.Reason;
import io.mainstay.messaging.queue.state.Lane;
import io.mainstay.messaging.queue.state.QueueState;

import org.jspecify.annotations.Nullable;

import java.util.Objects;
import java.util.TreeSet;
import java.util.random.RandomGenerator;

/// Somebody who reads a stream from some offset on: sees each one that is retained, once, in order, and begins where he wanted to.
final class StreamReading implements DeliveryListener {

    private static final long MS = 1_000_000;

    private final QueueWorkload workload;
    private final SimBroker at;
    private final QueueView stream;
    private final RandomGenerator random;
    private final QueueSession session;
    private final long reader;
    private final int prefetch;
    private final StreamOffset from;
    private final QueueConsumer consumer;
    private final TreeSet<Long> inHand = new TreeSet<>();
    private final long tailWhenAsked;
    private final long floorWhenAsked;
    private long tailWhenSubscribed;
    private boolean over;

    /// The offset that came last, -1: none.
    private long last = -1;

    StreamReading(QueueWorkload workload, SimBroker at, QueueView stream, RandomGenerator random) {
        this.workload = workload;
        this.at = at;
        this.stream = stream;
        this.random = random;
        this.session = at.openToRead();
        this.reader = workload.newNumber();
        this.prefetch = workload.isHealed() ? 200 : 1 + random.nextInt(20);
        Lane lane = lane();
        this.tailWhenAsked = lane == null ? 0 : lane.tail();
        this.floorWhenAsked = lane == null ? 0 : lane.floor();
        this.from = workload.isHealed() ? new StreamOffset.First() : somewhere();
        this.consumer =
                session.consume(
                        stream,
                        new ConsumerSpec("reader-" + reader, false, false, prefetch, 0, null, from),
                        this);
        at.host.asked();
    }

    private StreamOffset somewhere() {
        return switch (random.nextInt(6)) {
            case 0 -> new StreamOffset.Last();
            case 1 -> new StreamOffset.Next();
            case 2 -> new StreamOffset.At(random.nextLong(tailWhenAsked + 10));
            case 3 -> new StreamOffset.Since(at.nowMs() - random.nextInt(2_000));
            default -> new StreamOffset.First();
        };
    }

    private @Nullable Lane lane() {
        QueueState state = at.machine(stream.group()).queue(stream.id());
        return state == null ? null : state.lane(0);
    }

    boolean isOver() {
        return over || !at.host.lives();
    }

    /// The offset that came last, -1: none.
    long last() {
        return last;
    }

    void close() {
        over = true;
        if (at.host.lives()) {
            session.close();
            at.host.asked();
        }
    }

    @Override
    public void subscribed(QueueConsumer told) {
        Lane lane = lane();
        tailWhenSubscribed = lane == null ? 0 : lane.tail();
    }

    @Override
    public void refused(QueueConsumer told, Reason reason, String message) {
        close();
    }

    @Override
    public void delivered(QueueConsumer told, Delivery delivery) {
        if (over) {
            return;
        }
        long offset = delivery.sequence();
        long floor = workload.contents().floor(stream.id());
        String place = "%s, offset %d for %s".formatted(stream.name(), offset, this);
        require(!delivery.redelivered(), "%s is marked as redelivered", place);
        require(offset > last, "%s comes after %d", place, last);
        if (last < 0) {
            first(offset, floor, place);
        } else {
            require(
                    offset == last + 1 || offset <= floor,
                    "%s comes after %d, and all from %d on is retained",
                    place,
                    last,
                    floor);
        }
        last = offset;
        workload.book().delivered(at.host, reader, stream, delivery);
        inHand.add(offset);
        require(inHand.size() <= prefetch, "%s: %d are in hand", place, inHand.size());
        at.host.in(random.nextInt(20) * MS, () -> settle(offset));
    }

    private void first(long offset, long floor, String place) {
        boolean right =
                switch (from) {
                    case StreamOffset.First _ -> offset <= floor && offset >= floorWhenAsked;
                    case StreamOffset.Last _ ->
                            offset >= tailWhenAsked - 1
                                    && offset <= Math.max(floor, tailWhenSubscribed);
                    case StreamOffset.Next _ ->
                            offset >= tailWhenAsked
                                    && offset <= Math.max(floor, tailWhenSubscribed);
                    case StreamOffset.At(long wanted) ->
                            offset == wanted || offset > wanted && offset <= floor;
                    case StreamOffset.Since(long timeMs) ->
                            offset >= tailWhenAsked
                                    || Objects.requireNonNull(lane()).floor() > offset
                                    || Objects.requireNonNull(lane()).entry(offset).timeMs()
                                            >= timeMs;
                };
        require(
                right,
                "%s is its first of %s; from %d on all is retained, it asked at %d and began at %d",
                place,
                from,
                floor,
                tailWhenAsked,
                tailWhenSubscribed);
    }

    private void settle(long offset) {
        if (over || !inHand.contains(offset)) {
            return;
        }
        long first = random.nextInt(3) == 0 ? inHand.first() : offset;
        inHand.subSet(first, true, offset, true).clear();
        Settlement[] ways = Settlement.values();
        consumer.settle(first, offset, ways[random.nextInt(ways.length)]);
    }

    @Override
    public void deliveredAll() {}

    @Override
    public void cancelled(QueueConsumer told, String why) {
        close();
    }

    @Override
    public void timedOut(QueueConsumer told, long sequence, long timeoutMs) {
        require(false, "%s: a reader of a stream has time", stream.name());
    }

    @Override
    public String toString() {
        return "reader %d of node %d".formatted(reader, at.host.node());
    }
}
