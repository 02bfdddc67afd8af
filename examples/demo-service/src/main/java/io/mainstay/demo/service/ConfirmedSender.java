package io.mainstay.demo.service;

import org.springframework.amqp.AmqpException;
import org.springframework.amqp.rabbit.connection.CorrelationData;
import org.springframework.amqp.rabbit.core.RabbitTemplate;
import org.springframework.context.annotation.Profile;
import org.springframework.stereotype.Component;

import java.time.Duration;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;

/// Sends an order again until the broker has confirmed it, so it may come twice, and never not at all.
@Component
@Profile("queue")
class ConfirmedSender {
    private static final Duration PATIENCE = Duration.ofSeconds(30);
    private static final Duration ONE_TRY = Duration.ofSeconds(5);
    private static final long BETWEEN_TRIES_MS = 100;

    private final RabbitTemplate rabbit;

    ConfirmedSender(RabbitTemplate rabbit) {
        this.rabbit = rabbit;
    }

    /// Returns when it is confirmed.
    ///
    /// @throws IllegalStateException if nobody has confirmed it for 30 s; it may be stored or not
    void send(String key, String order) throws InterruptedException {
        long deadline = System.nanoTime() + PATIENCE.toNanos();
        while (!confirmed(key, order)) {
            if (System.nanoTime() > deadline) {
                throw new IllegalStateException("not confirmed: " + order);
            }
            Thread.sleep(BETWEEN_TRIES_MS);
        }
    }

    // The method is to go, and its successor is not in the older line.
    @SuppressWarnings("removal")
    private boolean confirmed(String key, String order) throws InterruptedException {
        CorrelationData said = new CorrelationData(order);
        try {
            rabbit.convertAndSend(OrderQueues.ORDERS, key, order, said);
            return said.getFuture().get(ONE_TRY.toMillis(), TimeUnit.MILLISECONDS).isAck();
        } catch (AmqpException | ExecutionException | TimeoutException e) {
            return false;
        }
    }
}
