package io.mainstay.bench.amqp;

import io.mainstay.head.amqp.AmqpHead;
import io.mainstay.head.amqp.AmqpHeadConfig;
import io.mainstay.head.web.Authenticator;
import io.mainstay.platform.real.RealPlatform;

import java.io.IOException;
import java.nio.file.Path;

/// The floor of a broker: our AMQP head before queues that are lists in the heap. Bodies are copied in and out, nothing is written, a confirm is
/// sent at the end of the turn. Its one argument is a folder; prints its port on standard output and lives until its standard input ends.
public final class NullBroker {

    private static final int MAX_CONNECTIONS = 1_000;

    private NullBroker() {}

    public static void main(String[] args) throws IOException {
        AmqpHead head =
                AmqpHead.start(
                        new AmqpHeadConfig(
                                "127.0.0.1",
                                0,
                                null,
                                AmqpHeadConfig.MESSAGE_MAX_BYTES,
                                MAX_CONNECTIONS,
                                AmqpHeadConfig.CHANNEL_MAX,
                                AmqpHeadConfig.TRANSACTION_MAX_BYTES,
                                AmqpHeadConfig.LOOPBACK_USERS,
                                "null"),
                        new NullMessaging(),
                        Authenticator.open(),
                        RealPlatform.at(Path.of(args[0])));
        System.out.println(head.port());
        while (System.in.read() >= 0) {}
        head.close();
    }
}
