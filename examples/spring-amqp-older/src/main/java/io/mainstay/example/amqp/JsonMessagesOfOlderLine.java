package io.mainstay.example.amqp;

import org.springframework.amqp.support.converter.Jackson2JsonMessageConverter;
import org.springframework.amqp.support.converter.MessageConverter;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;

/// Bodies are JSON, in both directions. Jackson changed its major version, and with it this class.
@Configuration
class JsonMessagesOfOlderLine {
    @Bean
    MessageConverter json() {
        return new Jackson2JsonMessageConverter("io.mainstay.example.amqp");
    }
}
