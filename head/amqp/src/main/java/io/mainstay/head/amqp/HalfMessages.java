package io.mainstay.head.amqp;

import io.mainstay.head.amqp.wire.AmqpException;
import io.mainstay.head.amqp.wire.ReplyCode;

/// Bytes of a connection's messages, properties and bodies, whose end has not come yet, over all of its channels. Event loop only.
final class HalfMessages {

    private final long most;
    private long bytes;

    HalfMessages(long most) {
        this.most = most;
    }

    void take(int more) throws AmqpException {
        if (bytes + more > most) {
            throw new AmqpException(
                    ReplyCode.RESOURCE_ERROR,
                    "messages of this connection whose end is missing have more than %s bytes"
                            .formatted(most));
        }
        bytes += more;
    }

    void giveBack(int less) {
        bytes -= less;
    }
}
