package io.mainstay.messaging.queue.dispatch;

import static org.assertj.core.api.Assertions.assertThat;

import io.mainstay.messaging.api.Delivery;
import io.mainstay.messaging.api.DeliveryListener;
import io.mainstay.messaging.api.QueueConsumer;
import io.mainstay.messaging.api.QueueSession.ConsumerSpec;
import io.mainstay.messaging.api.QueueSession.DeliveryWindow;
import io.mainstay.messaging.api.QueueSession.StreamOffset;
import io.mainstay.messaging.api.TopologyOutcome;

import org.junit.jupiter.api.Test;

import java.util.ArrayList;
import java.util.List;

/// Who is served next, and how many are asked for it.
class ConsumersTest {

    private static final DeliveryListener NOBODY =
            new DeliveryListener() {
                @Override
                public void subscribed(QueueConsumer consumer) {}

                @Override
                public void refused(
                        QueueConsumer consumer, TopologyOutcome.Reason reason, String message) {}

                @Override
                public void delivered(QueueConsumer consumer, Delivery delivery) {}

                @Override
                public void deliveredAll() {}

                @Override
                public void cancelled(QueueConsumer consumer, String why) {}

                @Override
                public void timedOut(QueueConsumer consumer, long sequence, long timeoutMs) {}
            };

    private final AwayGroup group = new AwayGroup();
    private final Outlet outlet = new Outlet(Runnable::run);
    private final Consumers consumers = new Consumers();
    private final List<Room> rooms = new ArrayList<>();

    /// How often any consumer was asked for room.
    private int asked;

    /// Room for a number of deliveries.
    private final class Room implements DeliveryWindow {

        private int left;

        Room(int left) {
            this.left = left;
        }

        @Override
        public boolean hasRoom() {
            return left > 0;
        }

        @Override
        public boolean tryTake(int bytes) {
            asked++;
            if (left == 0) {
                return false;
            }
            left--;
            return true;
        }

        @Override
        public void giveBack(int bytes) {
            left++;
        }
    }

    private Consuming consumer(int priority, boolean exclusive, int room) {
        Room its = new Room(room);
        rooms.add(its);
        ConsumerSpec spec =
                new ConsumerSpec(
                        "tag-" + rooms.size(),
                        false,
                        exclusive,
                        0,
                        priority,
                        its,
                        new StreamOffset.Next());
        ConsumerHandle handle =
                new ConsumerHandle(group.dispatcher, group.queue, spec, NOBODY, outlet);
        Consuming consumer = new Consuming(handle, spec, NOBODY, outlet);
        consumers.add(consumer);
        return consumer;
    }

    private Consuming consumer(int priority, int room) {
        return consumer(priority, false, room);
    }

    private void settle(Consuming consumer) {
        consumer.giveRoomBack(1);
        consumers.roomAgain(consumer);
    }

    @Test
    void equalsAreServedInTurn() {
        Consuming a = consumer(0, 10);
        Consuming b = consumer(0, 10);
        Consuming c = consumer(0, 10);
        List<Consuming> served = new ArrayList<>();
        for (int i = 0; i < 6; i++) {
            served.add(consumers.takeRoom(1, false));
        }
        assertThat(served).containsExactly(a, b, c, a, b, c);
    }

    @Test
    void whoWaitedLongestForRoomIsServedFirst() {
        Consuming a = consumer(0, 1);
        Consuming b = consumer(0, 1);
        assertThat(consumers.takeRoom(1, false)).isSameAs(a);
        assertThat(consumers.takeRoom(1, false)).isSameAs(b);
        assertThat(consumers.takeRoom(1, false)).isNull();
        settle(b);
        settle(a);
        assertThat(consumers.takeRoom(1, false)).isSameAs(a);
        assertThat(consumers.takeRoom(1, false)).isSameAs(b);
    }

    @Test
    void aHigherPriorityIsServedAsLongAsItHasRoom() {
        Consuming low = consumer(-1, 10);
        Consuming high = consumer(7, 2);
        assertThat(consumers.takeRoom(1, false)).isSameAs(high);
        assertThat(consumers.takeRoom(1, false)).isSameAs(high);
        assertThat(consumers.takeRoom(1, false)).isSameAs(low);
        settle(high);
        assertThat(consumers.takeRoom(1, false)).isSameAs(high);
        assertThat(consumers.takeRoom(1, false)).isSameAs(low);
    }

    @Test
    void whoHasNoRoomIsNotAskedForEachDelivery() {
        int many = 10_000;
        List<Consuming> full = new ArrayList<>();
        for (int i = 0; i < many; i++) {
            full.add(consumer(i % 3, 1));
        }
        for (int i = 0; i < many; i++) {
            assertThat(consumers.takeRoom(1, false)).isNotNull();
        }
        assertThat(consumers.takeRoom(1, false)).isNull();
        asked = 0;
        for (Consuming consumer : full) {
            settle(consumer);
            assertThat(consumers.takeRoom(1, false)).isSameAs(consumer);
            assertThat(consumers.takeRoom(1, false)).isNull();
        }
        assertThat(asked).isEqualTo(2 * many);
    }

    @Test
    void whoIsGoneIsNotServed() {
        Consuming a = consumer(0, 1);
        Consuming b = consumer(0, 1);
        consumers.takeRoom(1, false);
        consumers.takeRoom(1, false);
        assertThat(consumers.takeRoom(1, false)).isNull();
        assertThat(consumers.remove(a)).isTrue();
        assertThat(consumers.remove(a)).isFalse();
        settle(a);
        assertThat(consumers.takeRoom(1, false)).isNull();
        assertThat(consumers.copy()).containsExactly(b);
    }

    @Test
    void oneIsServedAloneUntilItIsGoneOrAMoreUrgentOneComesAndItHoldsNothing() {
        Consuming first = consumer(0, 10);
        Consuming second = consumer(0, 10);
        assertThat(consumers.takeRoom(1, true)).isSameAs(first);
        assertThat(consumers.takeRoom(1, true)).isSameAs(first);
        first.inHand = 1;
        Consuming urgent = consumer(1, 10);
        assertThat(consumers.takeRoom(1, true)).isNull();
        first.inHand = 0;
        assertThat(consumers.takeRoom(1, true)).isSameAs(urgent);
        consumers.remove(urgent);
        consumers.remove(first);
        assertThat(consumers.takeRoom(1, true)).isSameAs(second);
    }

    @Test
    void anExclusiveConsumerIsKnownAsLongAsItIsThere() {
        assertThat(consumers.anyExclusive()).isFalse();
        Consuming alone = consumer(0, true, 1);
        assertThat(consumers.anyExclusive()).isTrue();
        consumers.remove(alone);
        assertThat(consumers.anyExclusive()).isFalse();
    }
}
