package io.mainstay.example.amqp;

import org.springframework.boot.SpringApplication;
import org.springframework.boot.autoconfigure.SpringBootApplication;

/// The application. Its profile (`--spring.profiles.active`) is the part that it plays: `order` or `payment`.
@SpringBootApplication
public class Orders {

    public static void main(String[] arguments) {
        SpringApplication.run(Orders.class, arguments);
    }
}
