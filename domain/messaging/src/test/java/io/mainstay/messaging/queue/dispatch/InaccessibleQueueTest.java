package io.mainstay.messaging.queue.dispatch;

import static org.assertj.core.api.Assertions.assertThat;

import io.mainstay.messaging.api.Delivery;
import io.mainstay.messaging.api.DeliveryListener;
import io.mainstay.messaging.api.QueueConsumer;
import io.mainstay.messaging.api.QueueSession;
import io.mainstay.messaging.api.QueueSession.ConsumerSpec;
import io.mainstay.messaging.api.QueueSession.StreamOffset;
import io.mainstay.messaging.api.QueueSession.Transaction;
import io.mainstay.messaging.api.TopologyOutcome.Reason;

import org.junit.jupiter.api.Test;

import java.util.ArrayList;
import java.util.List;

/// What is asked of a queue whose raft group is out of service, in virtual time.
class InaccessibleQueueTest {

    private static final String DOWN = "queue 'orders' in vhost '/' is down or inaccessible";

    private final AwayGroup group = new AwayGroup();
    private final QueueSession session = group.open();
    private final List<String> heard = new ArrayList<>();

    private QueueConsumer consume() {
        return consume(session, group);
    }

    private QueueConsumer consume(QueueSession session, AwayGroup group) {
        return session.consume(
                group.queue,
                new ConsumerSpec("tag", false, false, 0, 0, null, new StreamOffset.Next()),
                new Listener());
    }

    private final class Listener implements DeliveryListener {
        @Override
        public void subscribed(QueueConsumer consumer) {
            heard.add("subscribed");
        }

        @Override
        public void refused(QueueConsumer consumer, Reason reason, String message) {
            heard.add("consume: " + reason + " " + message);
        }

        @Override
        public void delivered(QueueConsumer consumer, Delivery delivery) {
            heard.add("delivered");
        }

        @Override
        public void deliveredAll() {}

        @Override
        public void cancelled(QueueConsumer consumer, String why) {
            heard.add("cancelled: " + why);
        }

        @Override
        public void timedOut(QueueConsumer consumer, long sequence, long timeoutMs) {
            heard.add("timed out");
        }
    }

    private void askAll() {
        consume();
        session.get(group.queue, false, outcome -> heard.add("get: " + outcome));
        session.peek(
                group.queue,
                1,
                1,
                found -> heard.add("peek: " + found),
                refused -> heard.add("peek: " + refused));
        session.inspect(
                group.queue,
                stats -> heard.add("inspect: " + stats),
                refused -> heard.add("inspect: " + refused));
        session.purge(group.queue, outcome -> heard.add("purge: " + outcome));
        session.delete(group.queue, false, false, outcome -> heard.add("delete: " + outcome));
        var one = new Transaction.Settled(group.queue, 0, QueueSession.Settlement.ACK);
        session.commit(
                new Transaction(List.of(), List.of(one)), done -> heard.add("commit: " + done));
    }

    private void assertAllRefused() {
        assertThat(heard).hasSize(7);
        assertThat(heard.getLast()).isEqualTo("commit: false");
        assertThat(heard.subList(0, 6))
                .allSatisfy(each -> assertThat(each).contains("INACCESSIBLE").contains(DOWN));
    }

    @Test
    void consumersHearOfItAtOnce() {
        consume();
        group.fence();
        assertThat(heard).hasSize(2).first().isEqualTo("subscribed");
        assertThat(heard.getLast()).startsWith("cancelled: " + DOWN);
    }

    @Test
    void whatIsAskedWaitsForAGroupThatComesBack() {
        group.fence();
        consume();
        session.get(group.queue, false, outcome -> heard.add("get: " + outcome));
        group.pass(9_000);
        assertThat(heard).isEmpty();
        group.comeBack();
        assertThat(heard).containsExactly("subscribed", "get: Empty[]");
        group.pass(20_000);
        assertThat(heard).hasSize(2);
    }

    @Test
    void afterTenSecondsItIsRefused() {
        group.fence();
        askAll();
        group.pass(9_900);
        assertThat(heard).isEmpty();
        group.pass(200);
        assertAllRefused();
        // Whoever asks now does not wait.
        heard.clear();
        askAll();
        group.pass(10);
        assertAllRefused();
    }

    @Test
    void aGroupThatStaysFencedIsNotWaitedFor() {
        group.fence();
        group.pass(1_000);
        askAll();
        group.giveUp();
        group.pass(10);
        assertAllRefused();
    }

    @Test
    void aSessionThatClosesWaitsForNothingAndLeavesNothingBehind() {
        group.fence();
        consume();
        session.close(() -> heard.add("closed"));
        group.pass(10);
        assertThat(heard).containsExactly("closed");
        group.comeBack();
        assertThat(heard).containsExactly("closed");
        assertThat(group.dispatcher.stats(group.queue.id()).consumers()).isZero();
    }

    @Test
    void nobodyWaitsForTheEndOfAQueueWhoseGroupGoesAwayForGoodMeanwhile() {
        AwayGroup group = new AwayGroup(true);
        QueueConsumer consumer = consume(group.open(), group);
        consumer.cancel(() -> heard.add("cancel-ok"));
        QueueSession other = group.open();
        assertThat(heard).containsExactly("subscribed");
        assertThat(group.deleting).hasSize(1);
        group.fence();
        group.giveUp();
        group.deleting.getFirst().run();
        group.pass(10);
        assertThat(heard).containsExactly("subscribed", "cancel-ok");
        other.close(() -> heard.add("closed"));
        group.pass(10);
        assertThat(heard).endsWith("closed");
    }

    @Test
    void aSessionWhoseQueueGoesWithItWaitsNotForAGroupThatIsGone() {
        AwayGroup group = new AwayGroup(true);
        QueueSession session = group.open();
        consume(session, group);
        session.close(() -> heard.add("closed"));
        assertThat(heard).containsExactly("subscribed");
        group.fence();
        group.deleting.getFirst().run();
        group.pass(10);
        assertThat(heard).containsExactly("subscribed", "closed");
    }

    @Test
    void aSubscriptionThatIsCancelledMeanwhileDoesNotBegin() {
        group.fence();
        consume().cancel(() -> heard.add("cancel-ok"));
        group.pass(10);
        assertThat(heard).containsExactly("cancel-ok");
        group.comeBack();
        assertThat(heard).containsExactly("cancel-ok");
        assertThat(group.dispatcher.stats(group.queue.id()).consumers()).isZero();
    }
}
