package io.mainstay.example.amqp;

import org.springframework.amqp.rabbit.annotation.RabbitListener;
import org.springframework.amqp.rabbit.config.ContainerCustomizer;
import org.springframework.amqp.rabbit.connection.ConnectionFactory;
import org.springframework.amqp.rabbit.core.RabbitTemplate;
import org.springframework.amqp.rabbit.listener.SimpleMessageListenerContainer;
import org.springframework.amqp.support.converter.MessageConverter;
import org.springframework.boot.context.event.ApplicationReadyEvent;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;
import org.springframework.context.annotation.Profile;
import org.springframework.context.event.EventListener;
import org.springframework.messaging.handler.annotation.Header;
import org.springframework.stereotype.Component;

import java.util.List;
import java.util.Map;
import java.util.concurrent.atomic.AtomicInteger;

/// Takes orders, one of several instances each, and tells of each that is paid. Says on a line each what it did.
///
/// The container acknowledges an order in the transaction in which the news of it is published: both are done or none.
/// An exception is tried again (`application.yml`); after the last try the order is rejected and goes where the dead
/// letters of its queue go.
@Component
@Profile("payment")
class PaymentService {
    private static final int FAILURES_OF_FLAKY = 2;

    private final RabbitTemplate transacted;
    private final Books books;
    private final AtomicInteger failures = new AtomicInteger();

    PaymentService(ConnectionFactory connections, MessageConverter json, Books books) {
        this.transacted = new RabbitTemplate(connections);
        this.transacted.setMessageConverter(json);
        this.transacted.setChannelTransacted(true);
        this.books = books;
    }

    @EventListener(ApplicationReadyEvent.class)
    public void ready() {
        System.out.println("ready");
    }

    @RabbitListener(queues = Topology.PAYMENT)
    public void pay(Order order) {
        switch (order.kind()) {
            case FLAKY -> {
                if (failures.getAndIncrement() < FAILURES_OF_FLAKY) {
                    throw failure(order, "the bank is busy");
                }
            }
            case POISON -> throw failure(order, "no such account");
            case PLAIN -> {}
        }
        System.out.println((books.enter("paid", order.id()) ? "paid " : "again ") + order.id());
        // Whoever paid may have died before this.
        transacted.convertAndSend(Topology.ORDERS, Topology.PAID, order);
    }

    private static IllegalStateException failure(Order order, String why) {
        System.out.println("failed " + order.id());
        return new IllegalStateException(why);
    }

    /// Of the orders that nobody could pay.
    @RabbitListener(queues = Topology.DEAD)
    public void bury(Order order, @Header("x-death") List<Map<String, ?>> deaths) {
        Map<String, ?> death = deaths.get(0);
        System.out.println(
                "dead " + order.id() + " " + death.get("reason") + " from " + death.get("queue"));
    }

    /// An answer to whoever asks, by way of the direct reply-to.
    @RabbitListener(queues = Topology.QUOTE)
    public String quote(String name) {
        return name + " pays 42";
    }

    @Configuration
    @Profile("payment")
    static class Transactions {
        @Bean
        ContainerCustomizer<SimpleMessageListenerContainer> transactions() {
            return container -> {
                container.setChannelTransacted(true);
                // How long after a lost connection.
                container.setRecoveryInterval(1_000);
            };
        }
    }
}
