package io.mainstay.head.amqp;

import io.mainstay.head.amqp.wire.Method;

import org.jspecify.annotations.Nullable;

/// A method with its content, if it has one.
///
/// @param id see [io.mainstay.head.amqp.wire.MethodId]; told to the client if the method fails
/// @param bytes that it holds: arguments, properties, body
record Command(int id, Method method, @Nullable Content content, int bytes) {

    void release() {
        if (content != null) {
            content.release();
        }
    }

    /// Whether it could see what was published on its channel before, or ends it: then it waits until that is answered.
    boolean waitsForPublishes() {
        return switch (method) {
            case Method.QueueDeclare _,
                    Method.QueuePurge _,
                    Method.QueueDelete _,
                    Method.BasicConsume _,
                    Method.BasicGet _,
                    Method.BasicRecover _,
                    Method.BasicRecoverAsync _,
                    Method.TxSelect _,
                    Method.TxCommit _,
                    Method.TxRollback _,
                    Method.ChannelClose _ ->
                    true;
            default -> false;
        };
    }
}
