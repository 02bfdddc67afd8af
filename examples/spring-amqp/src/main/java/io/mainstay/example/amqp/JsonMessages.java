package io.mainstay.example.amqp;

import org.springframework.amqp.support.converter.JacksonJsonMessageConverter;
import org.springframework.amqp.support.converter.MessageConverter;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;

/// Bodies are JSON, in both directions.
@Configuration
class JsonMessages {
    @Bean
    MessageConverter json() {
        return new JacksonJsonMessageConverter("io.mainstay.example.amqp");
    }
}
