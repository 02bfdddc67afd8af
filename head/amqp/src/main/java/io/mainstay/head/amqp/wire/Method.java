package io.mainstay.head.amqp.wire;

import io.mainstay.messaging.message.FieldTable;

/// A method that a client may send, as [MethodDecoder] reads it. Fields that AMQP keeps as reserved are not among them.
public sealed interface Method {

    // Connection, class 10.

    /// @param response what the mechanism asks for, at most a frame
    record ConnectionStartOk(
            FieldTable clientProperties, String mechanism, byte[] response, String locale)
            implements Method {}

    record ConnectionSecureOk(byte[] response) implements Method {}

    /// @param frameMax bytes, 0: no limit
    /// @param heartbeat seconds, 0: none
    record ConnectionTuneOk(int channelMax, long frameMax, int heartbeat) implements Method {}

    record ConnectionOpen(String vhost) implements Method {}

    record ConnectionClose(int code, String text) implements Method {}

    record ConnectionCloseOk() implements Method {}

    record ConnectionUpdateSecret(byte[] secret, String reason) implements Method {}

    // Channel, class 20.

    record ChannelOpen() implements Method {}

    record ChannelFlow(boolean active) implements Method {}

    record ChannelFlowOk(boolean active) implements Method {}

    record ChannelClose(int code, String text) implements Method {}

    record ChannelCloseOk() implements Method {}

    // Access, class 30.

    record AccessRequest() implements Method {}

    // Exchange, class 40.

    record ExchangeDeclare(
            String exchange,
            String type,
            boolean passive,
            boolean durable,
            boolean autoDelete,
            boolean internal,
            boolean noWait,
            FieldTable arguments)
            implements Method {}

    record ExchangeDelete(String exchange, boolean ifUnused, boolean noWait) implements Method {}

    record ExchangeBind(
            String destination,
            String source,
            String routingKey,
            boolean noWait,
            FieldTable arguments)
            implements Method {}

    record ExchangeUnbind(
            String destination,
            String source,
            String routingKey,
            boolean noWait,
            FieldTable arguments)
            implements Method {}

    // Queue, class 50.

    record QueueDeclare(
            String queue,
            boolean passive,
            boolean durable,
            boolean exclusive,
            boolean autoDelete,
            boolean noWait,
            FieldTable arguments)
            implements Method {}

    record QueueBind(
            String queue, String exchange, String routingKey, boolean noWait, FieldTable arguments)
            implements Method {}

    record QueuePurge(String queue, boolean noWait) implements Method {}

    record QueueDelete(String queue, boolean ifUnused, boolean ifEmpty, boolean noWait)
            implements Method {}

    record QueueUnbind(String queue, String exchange, String routingKey, FieldTable arguments)
            implements Method {}

    // Basic, class 60.

    record BasicQos(long prefetchSize, int prefetchCount, boolean global) implements Method {}

    record BasicConsume(
            String queue,
            String consumerTag,
            boolean noLocal,
            boolean noAck,
            boolean exclusive,
            boolean noWait,
            FieldTable arguments)
            implements Method {}

    record BasicCancel(String consumerTag, boolean noWait) implements Method {}

    record BasicCancelOk(String consumerTag) implements Method {}

    /// A content follows.
    record BasicPublish(String exchange, String routingKey, boolean mandatory, boolean immediate)
            implements Method {}

    record BasicGet(String queue, boolean noAck) implements Method {}

    record BasicAck(long deliveryTag, boolean multiple) implements Method {}

    record BasicReject(long deliveryTag, boolean requeue) implements Method {}

    record BasicRecoverAsync(boolean requeue) implements Method {}

    record BasicRecover(boolean requeue) implements Method {}

    record BasicNack(long deliveryTag, boolean multiple, boolean requeue) implements Method {}

    // Confirm, class 85, and tx, class 90.

    record ConfirmSelect(boolean noWait) implements Method {}

    record TxSelect() implements Method {}

    record TxCommit() implements Method {}

    record TxRollback() implements Method {}
}
