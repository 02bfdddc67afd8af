package io.mainstay.example.amqp;

import org.springframework.amqp.rabbit.annotation.RabbitListener;
import org.springframework.amqp.rabbit.connection.CachingConnectionFactory.ConfirmType;
import org.springframework.amqp.rabbit.core.RabbitTemplate;
import org.springframework.amqp.rabbit.retry.MessageRecoverer;
import org.springframework.amqp.rabbit.retry.RepublishMessageRecoverer;
import org.springframework.amqp.rabbit.retry.RepublishMessageRecovererWithConfirms;
import org.springframework.boot.context.event.ApplicationReadyEvent;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;
import org.springframework.context.annotation.Profile;
import org.springframework.context.event.EventListener;
import org.springframework.messaging.handler.annotation.Header;
import org.springframework.stereotype.Component;

import java.util.concurrent.atomic.AtomicInteger;

/// Takes orders, one of several instances each. Says on a line each what it did.
@Component
@Profile("payment")
class PaymentService {
    private static final int FAILURES_OF_FLAKY = 2;

    private final AtomicInteger failures = new AtomicInteger();

    @EventListener(ApplicationReadyEvent.class)
    public void ready() {
        System.out.println("ready");
    }

    @RabbitListener(queues = Topology.PAYMENT)
    public void pay(
            String order, @Header(Order.KIND) String kind, @Header(Order.SENT) long sentMs) {
        switch (kind) {
            case Order.FLAKY -> {
                if (failures.getAndIncrement() < FAILURES_OF_FLAKY) {
                    System.out.println("failed " + order);
                    throw new IllegalStateException("the bank is busy");
                }
                failures.set(0);
            }
            case Order.POISON -> {
                System.out.println("failed " + order);
                throw new IllegalStateException("no such account");
            }
            default -> {}
        }
        System.out.println("paid " + order + " after " + (System.currentTimeMillis() - sentMs));
    }

    /// Of the orders that nobody could pay.
    @RabbitListener(queues = Topology.DEAD)
    public void bury(
            String order,
            @Header(RepublishMessageRecoverer.X_EXCEPTION_MESSAGE) String why,
            @Header(RepublishMessageRecoverer.X_ORIGINAL_EXCHANGE) String exchange) {
        System.out.println("dead " + order + " of " + exchange + ": " + why);
    }

    /// An answer to whoever asks, by way of the direct reply-to.
    @RabbitListener(queues = Topology.QUOTE)
    public String quote(String name) {
        return name + " pays 42";
    }

    /// After the last try a message goes where dead letters go, with the exception in its headers; it is settled when that
    /// is confirmed.
    @Configuration
    @Profile("payment")
    static class Retry {
        @Bean
        MessageRecoverer republish(RabbitTemplate rabbit) {
            return new RepublishMessageRecovererWithConfirms(
                    rabbit, Topology.DEAD_LETTERS, Topology.NEW, ConfirmType.CORRELATED);
        }
    }
}
