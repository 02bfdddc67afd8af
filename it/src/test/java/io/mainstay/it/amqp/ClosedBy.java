package io.mainstay.it.amqp;

import static org.assertj.core.api.Assertions.assertThat;

import com.rabbitmq.client.AMQP;
import com.rabbitmq.client.Channel;
import com.rabbitmq.client.ShutdownSignalException;

import io.mainstay.testkit.Conditions;

import org.assertj.core.api.ThrowableAssert.ThrowingCallable;

/// What the broker closed and why.
///
/// @param connection the whole connection, not only a channel
/// @param code RabbitMQ's reply code
record ClosedBy(boolean connection, int code, String text) {

    static ClosedBy channel(int code, String text) {
        return new ClosedBy(false, code, text);
    }

    static ClosedBy connection(int code, String text) {
        return new ClosedBy(true, code, text);
    }

    /// Runs what the broker refuses and waits until it has closed the channel or its connection.
    static void verify(ClosedBy expected, Channel channel, ThrowingCallable refused) {
        try {
            refused.call();
        } catch (Throwable thrown) {
            // Calls that wait for an answer throw, others do not: what counts is why it was closed.
        }
        Conditions.await("the channel to be closed", Amqp.SOON, () -> !channel.isOpen());
        ShutdownSignalException reason = channel.getCloseReason();
        assertThat(reason.isHardError()).as(reason.getMessage()).isEqualTo(expected.connection());
        assertThat(code(reason)).as(reason.getMessage()).isEqualTo(expected.code());
        assertThat(reason.getMessage()).contains(expected.text());
    }

    private static int code(ShutdownSignalException reason) {
        return switch (reason.getReason()) {
            case AMQP.Channel.Close close -> close.getReplyCode();
            case AMQP.Connection.Close close -> close.getReplyCode();
            default -> throw new AssertionError("closed without a code", reason);
        };
    }
}
