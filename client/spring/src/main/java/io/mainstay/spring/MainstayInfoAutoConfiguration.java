package io.mainstay.spring;

import io.mainstay.client.MainstayClient;

import org.springframework.boot.actuate.autoconfigure.info.ConditionalOnEnabledInfoContributor;
import org.springframework.boot.actuate.info.InfoContributor;
import org.springframework.boot.autoconfigure.AutoConfiguration;
import org.springframework.boot.autoconfigure.condition.ConditionalOnBean;
import org.springframework.boot.autoconfigure.condition.ConditionalOnClass;
import org.springframework.context.annotation.Bean;

/// What `/actuator/info` says. `management.info.mainstay.enabled=false` leaves it out.
@AutoConfiguration(after = MainstayClientAutoConfiguration.class)
@ConditionalOnClass({InfoContributor.class, ConditionalOnEnabledInfoContributor.class})
@ConditionalOnBean(MainstayClient.class)
public class MainstayInfoAutoConfiguration {

    @Bean
    @ConditionalOnEnabledInfoContributor("mainstay")
    MainstayInfoContributor mainstayInfoContributor(MainstayClient client) {
        return new MainstayInfoContributor(client);
    }
}
