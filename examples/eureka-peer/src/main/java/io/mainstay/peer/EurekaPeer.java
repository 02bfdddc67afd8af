package io.mainstay.peer;

import org.springframework.boot.SpringApplication;
import org.springframework.boot.autoconfigure.SpringBootApplication;
import org.springframework.cloud.netflix.eureka.server.EnableEurekaServer;

/// A Spring Eureka server as its guide describes it: one node that registers nowhere.
@SpringBootApplication
@EnableEurekaServer
public class EurekaPeer {

    public static void main(String[] arguments) {
        SpringApplication.run(EurekaPeer.class, arguments);
    }
}
