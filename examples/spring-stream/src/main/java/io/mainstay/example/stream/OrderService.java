package io.mainstay.example.stream;

import org.springframework.amqp.rabbit.connection.CorrelationData;
import org.springframework.amqp.support.AmqpHeaders;
import org.springframework.beans.factory.annotation.Value;
import org.springframework.boot.ApplicationArguments;
import org.springframework.boot.ApplicationRunner;
import org.springframework.cloud.stream.function.StreamBridge;
import org.springframework.context.annotation.Profile;
import org.springframework.messaging.support.MessageBuilder;
import org.springframework.stereotype.Component;

import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;

/// Sends orders of several customers, says when the broker has confirmed all of them, and ends.
@Component
@Profile("order")
class OrderService implements ApplicationRunner {
    private static final int CUSTOMERS = 5;
    private static final int ALWAYS = Integer.MAX_VALUE;
    private static final long PATIENCE_SECONDS = 30;

    private final StreamBridge bridge;
    private final int count;

    OrderService(StreamBridge bridge, @Value("${orders.count}") int count) {
        this.bridge = bridge;
        this.count = count;
    }

    // The method is to go, and its successor is not in the older line.
    @SuppressWarnings("removal")
    @Override
    public void run(ApplicationArguments arguments) throws Exception {
        List<CorrelationData> sent = new ArrayList<>();
        for (int i = 1; i <= count; i++) {
            sent.add(send(new Order(Integer.toString(i), "customer-" + i % CUSTOMERS, 0)));
        }
        sent.add(send(new Order("flaky", "customer-0", 2)));
        sent.add(send(new Order("poison", "customer-0", ALWAYS)));
        for (CorrelationData order : sent) {
            if (!order.getFuture().get(PATIENCE_SECONDS, TimeUnit.SECONDS).isAck()) {
                throw new IllegalStateException("not taken: " + order);
            }
        }
        System.out.println("confirmed " + sent.size());
    }

    private CorrelationData send(Order order) {
        CorrelationData confirm = new CorrelationData(order.id());
        bridge.send(
                "orders-out-0",
                MessageBuilder.withPayload(order)
                        .setHeader(AmqpHeaders.PUBLISH_CONFIRM_CORRELATION, confirm)
                        .build());
        return confirm;
    }
}
