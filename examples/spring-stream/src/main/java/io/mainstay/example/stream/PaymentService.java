package io.mainstay.example.stream;

import org.springframework.amqp.rabbit.annotation.RabbitListener;
import org.springframework.boot.context.event.ApplicationReadyEvent;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;
import org.springframework.context.annotation.Profile;
import org.springframework.context.event.EventListener;
import org.springframework.messaging.handler.annotation.Header;

import java.nio.charset.StandardCharsets;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentMap;
import java.util.function.Consumer;
import java.util.function.Function;

/// Takes orders, one of several instances each, and hands what is paid on to shipping, where one instance has all
/// orders of a customer. Says on a line each what it did.
@Configuration
@Profile("payment")
class PaymentService {
    private final ConcurrentMap<String, Integer> tries = new ConcurrentHashMap<>();

    @EventListener(ApplicationReadyEvent.class)
    public void ready() {
        System.out.println("ready");
    }

    @Bean
    Function<Order, Order> pay() {
        return order -> {
            if (tries.merge(order.id(), 1, Integer::sum) <= order.failures()) {
                System.out.println("failed " + order.id());
                throw new IllegalStateException("no money");
            }
            System.out.println("paid " + order.id());
            return order;
        };
    }

    /// Of each partition one instance is the only consumer.
    @Bean
    Consumer<Order> ship() {
        return order -> System.out.println("shipped " + order.id() + " " + order.customer());
    }

    /// Without a group, so that each instance has a copy of every order.
    @Bean
    Consumer<Order> audit() {
        return order -> System.out.println("audited " + order.id());
    }

    /// Of the orders whose tries are used up: the binder's dead letter queue, read as any queue is.
    @RabbitListener(queues = "${orders.dead-letters}")
    public void bury(byte[] order, @Header("x-original-exchange") String exchange) {
        System.out.println(
                "dead " + new String(order, StandardCharsets.UTF_8) + " from " + exchange);
    }
}
