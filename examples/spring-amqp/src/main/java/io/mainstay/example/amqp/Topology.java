package io.mainstay.example.amqp;

import org.springframework.amqp.core.Binding;
import org.springframework.amqp.core.BindingBuilder;
import org.springframework.amqp.core.CustomExchange;
import org.springframework.amqp.core.Declarables;
import org.springframework.amqp.core.DirectExchange;
import org.springframework.amqp.core.ExchangeBuilder;
import org.springframework.amqp.core.Queue;
import org.springframework.amqp.core.QueueBuilder;
import org.springframework.amqp.core.TopicExchange;
import org.springframework.boot.autoconfigure.condition.ConditionalOnProperty;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;

import java.util.Map;

/// What `RabbitAdmin` declares at the broker, by whoever connects first.
///
/// ```
/// orders (topic) --new---> payment --tries used up--> orders.dead --> payment.dead
///          ^     --paid--> notification
///          |
/// payment.later: each message waits for its own time to live, then goes on as a dead letter with the key new
/// ```
@Configuration
class Topology {
    static final String ORDERS = "orders";
    static final String NEW = "new";
    static final String PAID = "paid";
    static final String PAYMENT = "payment";
    static final String NOTIFICATION = "notification";
    static final String LATER = "payment.later";
    static final String DEAD_LETTERS = "orders.dead";
    static final String DEAD = "payment.dead";
    static final String DELAYED = "orders.delayed";
    static final String QUOTE = "payment.quote";

    @Bean
    Declarables wayOfAnOrder() {
        TopicExchange orders = ExchangeBuilder.topicExchange(ORDERS).durable(true).build();
        Queue payment =
                QueueBuilder.durable(PAYMENT)
                        .deadLetterExchange(DEAD_LETTERS)
                        .deadLetterRoutingKey(NEW)
                        .build();
        Queue notification = QueueBuilder.durable(NOTIFICATION).quorum().build();
        Queue later =
                QueueBuilder.durable(LATER)
                        .deadLetterExchange(ORDERS)
                        .deadLetterRoutingKey(NEW)
                        .build();
        return new Declarables(
                orders,
                payment,
                notification,
                later,
                QueueBuilder.durable(QUOTE).build(),
                BindingBuilder.bind(payment).to(orders).with(NEW),
                BindingBuilder.bind(notification).to(orders).with(PAID));
    }

    @Bean
    Declarables deadLetters() {
        DirectExchange letters = ExchangeBuilder.directExchange(DEAD_LETTERS).durable(true).build();
        Queue dead = QueueBuilder.durable(DEAD).quorum().build();
        return new Declarables(letters, dead, BindingBuilder.bind(dead).to(letters).with(NEW));
    }

    /// RabbitMQ's plug-in for delays: each message waits as long as its header `x-delay` says.
    @Bean
    @ConditionalOnProperty("orders.delayed-exchange")
    Declarables delayedOrders() {
        CustomExchange delayed =
                new CustomExchange(
                        DELAYED,
                        "x-delayed-message",
                        true,
                        false,
                        Map.of("x-delayed-type", "direct"));
        return new Declarables(
                delayed,
                new Binding(PAYMENT, Binding.DestinationType.QUEUE, DELAYED, NEW, Map.of()));
    }
}
