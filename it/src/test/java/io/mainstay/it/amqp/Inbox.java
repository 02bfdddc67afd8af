package io.mainstay.it.amqp;

import com.rabbitmq.client.AMQP.BasicProperties;
import com.rabbitmq.client.Channel;
import com.rabbitmq.client.DefaultConsumer;
import com.rabbitmq.client.Delivery;
import com.rabbitmq.client.Envelope;

import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;

/// A consumer that keeps what it gets, in order.
final class Inbox extends DefaultConsumer {
    private final BlockingQueue<Delivery> deliveries = new LinkedBlockingQueue<>();
    private final CountDownLatch cancelled = new CountDownLatch(1);

    private Inbox(Channel channel) {
        super(channel);
    }

    /// Consumes and leaves it to the test to settle.
    static Inbox on(Channel channel, String queue) throws IOException {
        return on(channel, queue, false, Map.of());
    }

    static Inbox on(Channel channel, String queue, boolean autoAck, Map<String, Object> arguments)
            throws IOException {
        Inbox inbox = new Inbox(channel);
        channel.basicConsume(queue, autoAck, "", false, false, arguments, inbox);
        return inbox;
    }

    static Inbox exclusive(Channel channel, String queue) throws IOException {
        Inbox inbox = new Inbox(channel);
        channel.basicConsume(queue, false, "", false, true, Map.of(), inbox);
        return inbox;
    }

    @Override
    public void handleDelivery(
            String consumerTag, Envelope envelope, BasicProperties properties, byte[] body) {
        deliveries.add(new Delivery(envelope, properties, body));
    }

    @Override
    public void handleCancel(String consumerTag) {
        cancelled.countDown();
    }

    /// Waits for the next delivery.
    Delivery next() throws InterruptedException {
        Delivery delivery = deliveries.poll(Amqp.SOON.toMillis(), TimeUnit.MILLISECONDS);
        if (delivery == null) {
            throw new AssertionError("no delivery within " + Amqp.SOON.toSeconds() + " s");
        }
        return delivery;
    }

    String nextText() throws InterruptedException {
        return Amqp.text(next().getBody());
    }

    /// Texts of the next `count` deliveries.
    List<String> nextTexts(int count) throws InterruptedException {
        List<String> texts = new ArrayList<>();
        for (int i = 0; i < count; i++) {
            texts.add(nextText());
        }
        return texts;
    }

    /// Deliveries that came and were not taken.
    int waiting() {
        return deliveries.size();
    }

    boolean isEmpty() {
        return deliveries.isEmpty();
    }

    /// Whether the broker cancelled it, in time.
    boolean awaitCancelled() throws InterruptedException {
        return cancelled.await(Amqp.SOON.toMillis(), TimeUnit.MILLISECONDS);
    }
}
