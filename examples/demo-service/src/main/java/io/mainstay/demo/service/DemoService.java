package io.mainstay.demo.service;

import org.springframework.boot.SpringApplication;
import org.springframework.boot.autoconfigure.SpringBootApplication;
import org.springframework.cloud.client.loadbalancer.LoadBalanced;
import org.springframework.context.annotation.Bean;
import org.springframework.web.client.RestClient;

/// The application. Its name (`--spring.application.name`) is the part that it plays.
@SpringBootApplication
public class DemoService {

    public static void main(String[] arguments) {
        SpringApplication.run(DemoService.class, arguments);
    }

    /// Calls other services by name: `http://payment/...`. Not the default builder, since the Eureka
    /// client itself takes that one to reach its server.
    @Bean(defaultCandidate = false)
    @LoadBalanced
    RestClient.Builder byName() {
        return RestClient.builder();
    }
}
