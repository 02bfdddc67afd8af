package io.mainstay.demo.service;

import org.springframework.amqp.rabbit.annotation.RabbitListener;
import org.springframework.amqp.support.AmqpHeaders;
import org.springframework.boot.autoconfigure.condition.ConditionalOnProperty;
import org.springframework.context.annotation.Profile;
import org.springframework.messaging.handler.annotation.Header;
import org.springframework.stereotype.Component;

/// Pays the orders of the queue, each once, and tells of them. An order is acknowledged when the news of it is confirmed:
/// if this process dies before, another one gets the order again, sees whether it is paid, and tells.
@Component
@Profile("queue")
@ConditionalOnProperty(name = "spring.application.name", havingValue = "payment")
class PaymentListener {
    /// What a bank takes.
    private static final long PAYING_MS = 40;

    private final Books books;
    private final ConfirmedSender sender;

    PaymentListener(Books books, ConfirmedSender sender) {
        this.books = books;
        this.sender = sender;
    }

    @RabbitListener(queues = OrderQueues.PAYMENT)
    public void pay(String order, @Header(AmqpHeaders.REDELIVERED) boolean redelivered)
            throws InterruptedException {
        if (redelivered) {
            books.enter("redelivered", order);
        }
        Thread.sleep(PAYING_MS);
        if (!books.enter("paid", order)) {
            books.enter("recognised", order);
        }
        sender.send(OrderQueues.PAID, order);
    }
}
