package io.mainstay.example.amqp;

import org.springframework.amqp.core.MessagePostProcessor;
import org.springframework.amqp.rabbit.connection.CorrelationData;
import org.springframework.amqp.rabbit.core.RabbitTemplate;
import org.springframework.beans.factory.annotation.Value;
import org.springframework.boot.ApplicationArguments;
import org.springframework.boot.ApplicationRunner;
import org.springframework.context.annotation.Profile;
import org.springframework.stereotype.Component;

import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;

/// Sends orders of every kind, says when the broker has confirmed all of them, and ends. Exit code 1 if one was not
/// confirmed or came back.
@Component
@Profile("order")
class OrderService implements ApplicationRunner {
    private static final long PATIENCE_SECONDS = 30;

    private final RabbitTemplate rabbit;
    private final String name;
    private final int count;
    private final long delayMs;
    private final boolean delayedExchange;
    private final List<CorrelationData> sent = new ArrayList<>();

    OrderService(
            RabbitTemplate rabbit,
            @Value("${orders.name}") String name,
            @Value("${orders.count}") int count,
            @Value("${orders.delay-ms}") long delayMs,
            @Value("${orders.delayed-exchange}") boolean delayedExchange) {
        this.rabbit = rabbit;
        this.name = name;
        this.count = count;
        this.delayMs = delayMs;
        this.delayedExchange = delayedExchange;
    }

    @Override
    public void run(ApplicationArguments arguments) throws Exception {
        for (int i = 1; i <= count; i++) {
            send(Topology.ORDERS, Topology.NEW, Order.PLAIN, name + "-" + i, message -> message);
        }
        send(Topology.ORDERS, Topology.NEW, Order.FLAKY, name + "-flaky", message -> message);
        send(Topology.ORDERS, Topology.NEW, Order.POISON, name + "-poison", message -> message);
        send(
                "",
                Topology.LATER,
                Order.PLAIN,
                name + "-later",
                message -> {
                    message.getMessageProperties().setExpiration(Long.toString(delayMs));
                    return message;
                });
        if (delayedExchange) {
            send(
                    Topology.DELAYED,
                    Topology.NEW,
                    Order.PLAIN,
                    name + "-delayed",
                    message -> {
                        message.getMessageProperties().setHeader("x-delay", delayMs);
                        return message;
                    });
        }
        for (CorrelationData order : sent) {
            CorrelationData.Confirm confirm =
                    order.getFuture().get(PATIENCE_SECONDS, TimeUnit.SECONDS);
            if (!confirm.isAck() || order.getReturned() != null) {
                throw new IllegalStateException("not taken: " + order);
            }
        }
        System.out.println("confirmed " + sent.size());
        System.out.println("quote " + rabbit.convertSendAndReceive("", Topology.QUOTE, name));
    }

    private void send(
            String exchange, String key, String kind, String order, MessagePostProcessor more) {
        CorrelationData correlation = new CorrelationData(order);
        rabbit.convertAndSend(
                exchange,
                key,
                order,
                message -> {
                    message.getMessageProperties().setHeader(Order.KIND, kind);
                    message.getMessageProperties()
                            .setHeader(Order.SENT, System.currentTimeMillis());
                    return more.postProcessMessage(message);
                },
                correlation);
        sent.add(correlation);
    }
}
