package io.mainstay.example.amqp;

import org.springframework.amqp.AmqpException;
import org.springframework.amqp.core.MessagePostProcessor;
import org.springframework.amqp.rabbit.connection.CorrelationData;
import org.springframework.amqp.rabbit.core.RabbitTemplate;
import org.springframework.beans.factory.annotation.Value;
import org.springframework.boot.ApplicationArguments;
import org.springframework.boot.ApplicationRunner;
import org.springframework.context.annotation.Profile;
import org.springframework.stereotype.Component;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;

/// Sends orders of every kind, each again until the broker has confirmed it, says how far it is, and ends.
@Component
@Profile("order")
class OrderService implements ApplicationRunner {
    private static final Duration PATIENCE = Duration.ofSeconds(60);
    private static final int AT_ONCE = 10;
    private static final MessagePostProcessor AS_IT_IS = message -> message;

    private final RabbitTemplate rabbit;
    private final String name;
    private final int count;
    private final long pauseMs;
    private final int delayMs;
    private final boolean delayedExchange;

    OrderService(
            RabbitTemplate rabbit,
            @Value("${orders.name}") String name,
            @Value("${orders.count}") int count,
            @Value("${orders.pause-ms}") long pauseMs,
            @Value("${orders.delay-ms}") int delayMs,
            @Value("${orders.delayed-exchange}") boolean delayedExchange) {
        this.rabbit = rabbit;
        // What comes back is read where the order was sent; without a callback each is a warning in
        // the log.
        this.rabbit.setReturnsCallback(returned -> {});
        this.name = name;
        this.count = count;
        this.pauseMs = pauseMs;
        this.delayMs = delayMs;
        this.delayedExchange = delayedExchange;
    }

    /// An order on its way, and what the broker says of it.
    private record Sending(
            String exchange,
            String key,
            Order order,
            MessagePostProcessor with,
            CorrelationData said) {
        static Sending of(String exchange, String key, Order order, MessagePostProcessor with) {
            return new Sending(exchange, key, order, with, new CorrelationData(order.id()));
        }

        Sending again() {
            return of(exchange, key, order, with);
        }
    }

    @Override
    public void run(ApplicationArguments arguments) throws Exception {
        List<Sending> all = everyKind();
        for (int i = 1; i <= count; i++) {
            all.add(order(Integer.toString(i), Order.Kind.PLAIN));
        }
        for (int from = 0; from < all.size(); from += AT_ONCE) {
            int to = Math.min(from + AT_ONCE, all.size());
            sendUntilConfirmed(all.subList(from, to));
            System.out.println("confirmed " + to);
            Thread.sleep(pauseMs);
        }
        System.out.println("returned " + unroutable());
        System.out.println("quote " + rabbit.convertSendAndReceive("", Topology.QUOTE, name));
    }

    private List<Sending> everyKind() {
        List<Sending> every = new ArrayList<>();
        every.add(order("flaky", Order.Kind.FLAKY));
        every.add(order("poison", Order.Kind.POISON));
        Order later = new Order(name + "-later", Order.Kind.PLAIN);
        every.add(
                Sending.of(
                        "",
                        Topology.LATER,
                        later,
                        message -> {
                            message.getMessageProperties().setExpiration(Long.toString(delayMs));
                            return message;
                        }));
        if (delayedExchange) {
            Order delayed = new Order(name + "-delayed", Order.Kind.PLAIN);
            every.add(
                    Sending.of(
                            Topology.DELAYED,
                            Topology.NEW,
                            delayed,
                            message -> {
                                message.getMessageProperties().setHeader("x-delay", delayMs);
                                return message;
                            }));
        }
        return every;
    }

    private Sending order(String number, Order.Kind kind) {
        return Sending.of(
                Topology.ORDERS, Topology.NEW, new Order(name + "-" + number, kind), AS_IT_IS);
    }

    private void sendUntilConfirmed(List<Sending> orders) throws Exception {
        long deadline = System.nanoTime() + PATIENCE.toNanos();
        List<Sending> open = orders;
        while (!open.isEmpty()) {
            open.forEach(this::send);
            List<Sending> unconfirmed = new ArrayList<>();
            for (Sending order : open) {
                if (!confirmed(order)) {
                    unconfirmed.add(order.again());
                }
            }
            if (System.nanoTime() > deadline) {
                throw new IllegalStateException("not confirmed: " + unconfirmed);
            }
            open = unconfirmed;
        }
    }

    private void send(Sending sending) {
        try {
            rabbit.convertAndSend(
                    sending.exchange(),
                    sending.key(),
                    sending.order(),
                    sending.with(),
                    sending.said());
        } catch (AmqpException e) {
            // The broker is away; nobody will say anything about this one.
            sending.said().getFuture().completeExceptionally(e);
        }
    }

    /// An order that is nacked, or whose connection is lost, may still be stored: sent again it comes twice, and has the
    /// same id.
    // The method is to go, and its successor is not in the older line.
    @SuppressWarnings("removal")
    private static boolean confirmed(Sending sending) throws InterruptedException {
        try {
            CorrelationData.Confirm confirm =
                    sending.said().getFuture().get(PATIENCE.toMillis(), TimeUnit.MILLISECONDS);
            if (sending.said().getReturned() != null) {
                throw new IllegalStateException("nobody takes " + sending.order());
            }
            return confirm.isAck();
        } catch (ExecutionException | TimeoutException e) {
            Thread.sleep(100);
            return false;
        }
    }

    /// The key of a message that no queue takes, as it came back.
    private String unroutable() throws Exception {
        CorrelationData said = new CorrelationData(name + "-lost");
        rabbit.convertAndSend(
                Topology.ORDERS, "nobody", new Order(name + "-lost", Order.Kind.PLAIN), said);
        // It comes back before it is confirmed.
        said.getFuture().get(PATIENCE.toMillis(), TimeUnit.MILLISECONDS);
        return said.getReturned() == null ? "nothing" : said.getReturned().getRoutingKey();
    }
}
