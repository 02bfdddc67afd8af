package io.mainstay.example.amqp;

import org.springframework.boot.SpringApplication;
import org.springframework.boot.autoconfigure.SpringBootApplication;
import org.springframework.context.ConfigurableApplicationContext;
import org.springframework.core.env.Profiles;

/// The application. Its profiles (`--spring.profiles.active`) are the parts that it plays: `order`, `payment`,
/// `notification`. It ends by itself only if it just orders.
@SpringBootApplication
public class OrdersApplication {

    public static void main(String[] arguments) {
        ConfigurableApplicationContext context =
                SpringApplication.run(OrdersApplication.class, arguments);
        if (!context.getEnvironment().acceptsProfiles(Profiles.of("payment | notification"))) {
            // The threads of the broker's client would keep the JVM.
            System.exit(SpringApplication.exit(context));
        }
    }
}
