package io.mainstay.demo.service;

import org.springframework.amqp.core.BindingBuilder;
import org.springframework.amqp.core.Declarables;
import org.springframework.amqp.core.DirectExchange;
import org.springframework.amqp.core.Queue;
import org.springframework.amqp.core.QueueBuilder;
import org.springframework.amqp.rabbit.config.ContainerCustomizer;
import org.springframework.amqp.rabbit.listener.SimpleMessageListenerContainer;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;
import org.springframework.context.annotation.Profile;

/// With the profile `queue` an order goes from order to payment and from there to notification as a message, its number
/// as a text. Whoever connects first declares this:
///
/// ```
/// orders --new--> payment
///        --paid-> notification
/// ```
@Configuration
@Profile("queue")
class OrderQueues {
    static final String ORDERS = "orders";
    static final String NEW = "new";
    static final String PAID = "paid";
    static final String PAYMENT = "payment";
    static final String NOTIFICATION = "notification";

    private static final long RECONNECT_AFTER_MS = 1_000;

    @Bean
    Declarables wayOfAnOrder() {
        DirectExchange orders = new DirectExchange(ORDERS);
        Queue payment = QueueBuilder.durable(PAYMENT).build();
        Queue notification = QueueBuilder.durable(NOTIFICATION).build();
        return new Declarables(
                orders,
                payment,
                notification,
                BindingBuilder.bind(payment).to(orders).with(NEW),
                BindingBuilder.bind(notification).to(orders).with(PAID));
    }

    @Bean
    ContainerCustomizer<SimpleMessageListenerContainer> reconnect() {
        return container -> container.setRecoveryInterval(RECONNECT_AFTER_MS);
    }
}
