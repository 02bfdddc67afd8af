package io.mainstay.example.stream;

import org.springframework.boot.SpringApplication;
import org.springframework.boot.autoconfigure.SpringBootApplication;
import org.springframework.context.ConfigurableApplicationContext;
import org.springframework.core.env.Profiles;

/// The application. Its profile (`--spring.profiles.active`) is the part that it plays: `order`, which ends by itself,
/// or `payment`.
@SpringBootApplication
public class StreamApplication {

    public static void main(String[] arguments) {
        ConfigurableApplicationContext context =
                SpringApplication.run(StreamApplication.class, arguments);
        if (context.getEnvironment().acceptsProfiles(Profiles.of("order"))) {
            // The threads of the broker's client would keep the JVM.
            System.exit(SpringApplication.exit(context));
        }
    }
}
