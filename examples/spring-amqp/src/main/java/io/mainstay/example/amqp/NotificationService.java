package io.mainstay.example.amqp;

import com.rabbitmq.client.Channel;

import org.springframework.amqp.core.AcknowledgeMode;
import org.springframework.amqp.rabbit.annotation.RabbitListener;
import org.springframework.amqp.rabbit.config.DirectRabbitListenerContainerFactory;
import org.springframework.amqp.rabbit.connection.ConnectionFactory;
import org.springframework.amqp.support.AmqpHeaders;
import org.springframework.amqp.support.converter.MessageConverter;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;
import org.springframework.context.annotation.Profile;
import org.springframework.messaging.handler.annotation.Header;
import org.springframework.stereotype.Component;

import java.io.IOException;

/// Hears what was paid and acknowledges each by hand; a container that calls it on the client's own threads.
@Component
@Profile("notification")
class NotificationService {
    private static final long RETRY_MS = 1_000;

    private final Books books;

    NotificationService(Books books) {
        this.books = books;
    }

    @RabbitListener(queues = Topology.NOTIFICATION, containerFactory = "direct")
    public void tell(Order order, Channel channel, @Header(AmqpHeaders.DELIVERY_TAG) long tag)
            throws IOException {
        if (books.enter("notified", order.id())) {
            System.out.println("notified " + order.id());
        }
        channel.basicAck(tag, false);
    }

    @Configuration
    @Profile("notification")
    static class Containers {
        @Bean
        DirectRabbitListenerContainerFactory direct(
                ConnectionFactory connections, MessageConverter json) {
            DirectRabbitListenerContainerFactory factory =
                    new DirectRabbitListenerContainerFactory();
            factory.setConnectionFactory(connections);
            factory.setMessageConverter(json);
            factory.setAcknowledgeMode(AcknowledgeMode.MANUAL);
            factory.setConsumersPerQueue(2);
            factory.setPrefetchCount(20);
            factory.setRecoveryInterval(RETRY_MS);
            factory.setMonitorInterval(RETRY_MS);
            return factory;
        }
    }
}
