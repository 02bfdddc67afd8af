package io.mainstay.demo.service;

import org.springframework.amqp.rabbit.annotation.RabbitListener;
import org.springframework.boot.autoconfigure.condition.ConditionalOnProperty;
import org.springframework.context.annotation.Profile;
import org.springframework.stereotype.Component;

/// Tells the customer of each paid order, once.
@Component
@Profile("queue")
@ConditionalOnProperty(name = "spring.application.name", havingValue = "notification")
class NotificationListener {
    private final Books books;

    NotificationListener(Books books) {
        this.books = books;
    }

    @RabbitListener(queues = OrderQueues.NOTIFICATION)
    public void tell(String order) {
        books.enter("notified", order);
    }
}
