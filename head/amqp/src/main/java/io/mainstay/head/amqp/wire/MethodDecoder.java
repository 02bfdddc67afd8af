package io.mainstay.head.amqp.wire;

import static io.mainstay.messaging.message.FieldTableCodec.decodeLongString;
import static io.mainstay.messaging.message.FieldTableCodec.decodeShortString;

import io.mainstay.messaging.message.FieldTable;
import io.mainstay.messaging.message.FieldTableCodec;
import io.mainstay.messaging.message.FieldTableException;

import java.nio.ByteBuffer;

/// Bytes of a method frame to a [Method].
public final class MethodDecoder {

    private MethodDecoder() {}

    /// Number of the method that a payload begins with, see [MethodId]; 0 if it is too short to say.
    public static int id(ByteBuffer payload) {
        return payload.remaining() < 4 ? 0 : payload.getInt(payload.position());
    }

    /// @param payload a whole method frame's payload; its position is moved
    /// @throws AmqpException 502 if the arguments cannot be read, 503 if clients send no such method
    public static Method decode(ByteBuffer payload) throws AmqpException {
        int id = id(payload);
        if (id == 0) {
            throw new AmqpException(
                    ReplyCode.SYNTAX_ERROR,
                    "a method frame has %s bytes, at least 4 are needed"
                            .formatted(payload.remaining()));
        }
        payload.position(payload.position() + 4);
        try {
            return method(id, new Arguments(payload));
        } catch (FieldTableException unreadable) {
            throw new AmqpException(
                    ReplyCode.SYNTAX_ERROR,
                    "method %s.%s: %s"
                            .formatted(
                                    MethodId.classOf(id),
                                    MethodId.methodOf(id),
                                    unreadable.getMessage()));
        }
    }

    private static Method method(int id, Arguments in) throws FieldTableException, AmqpException {
        return switch (id) {
            case MethodId.BASIC_PUBLISH -> {
                in.reserved();
                String exchange = in.shortString();
                String routingKey = in.shortString();
                int bits = in.octet();
                yield new Method.BasicPublish(exchange, routingKey, bit(bits, 0), bit(bits, 1));
            }
            case MethodId.BASIC_ACK -> new Method.BasicAck(in.longLong(), bit(in.octet(), 0));
            case MethodId.BASIC_NACK -> {
                long tag = in.longLong();
                int bits = in.octet();
                yield new Method.BasicNack(tag, bit(bits, 0), bit(bits, 1));
            }
            case MethodId.BASIC_REJECT -> new Method.BasicReject(in.longLong(), bit(in.octet(), 0));
            case MethodId.BASIC_GET -> {
                in.reserved();
                yield new Method.BasicGet(in.shortString(), bit(in.octet(), 0));
            }
            case MethodId.BASIC_QOS ->
                    new Method.BasicQos(in.uint32(), in.uint16(), bit(in.octet(), 0));
            case MethodId.BASIC_CONSUME -> {
                in.reserved();
                String queue = in.shortString();
                String tag = in.shortString();
                int bits = in.octet();
                yield new Method.BasicConsume(
                        queue,
                        tag,
                        bit(bits, 0),
                        bit(bits, 1),
                        bit(bits, 2),
                        bit(bits, 3),
                        in.table());
            }
            case MethodId.BASIC_CANCEL ->
                    new Method.BasicCancel(in.shortString(), bit(in.octet(), 0));
            case MethodId.BASIC_CANCEL_OK -> new Method.BasicCancelOk(in.shortString());
            case MethodId.BASIC_RECOVER_ASYNC -> new Method.BasicRecoverAsync(bit(in.octet(), 0));
            case MethodId.BASIC_RECOVER -> new Method.BasicRecover(bit(in.octet(), 0));
            case MethodId.CONFIRM_SELECT -> new Method.ConfirmSelect(bit(in.octet(), 0));
            case MethodId.TX_SELECT -> new Method.TxSelect();
            case MethodId.TX_COMMIT -> new Method.TxCommit();
            case MethodId.TX_ROLLBACK -> new Method.TxRollback();
            default ->
                    switch (MethodId.classOf(id)) {
                        case 10 -> connection(id, in);
                        case 20, 30 -> channel(id, in);
                        case 40 -> exchange(id, in);
                        case 50 -> queue(id, in);
                        default -> throw unknown(id);
                    };
        };
    }

    private static Method connection(int id, Arguments in)
            throws FieldTableException, AmqpException {
        return switch (id) {
            case MethodId.CONNECTION_START_OK ->
                    new Method.ConnectionStartOk(
                            in.table(), in.shortString(), in.longString(), in.shortString());
            case MethodId.CONNECTION_SECURE_OK -> new Method.ConnectionSecureOk(in.longString());
            case MethodId.CONNECTION_TUNE_OK ->
                    new Method.ConnectionTuneOk(in.uint16(), in.uint32(), in.uint16());
            case MethodId.CONNECTION_OPEN -> new Method.ConnectionOpen(in.shortString());
            case MethodId.CONNECTION_CLOSE ->
                    new Method.ConnectionClose(in.uint16(), in.shortString());
            case MethodId.CONNECTION_CLOSE_OK -> new Method.ConnectionCloseOk();
            case MethodId.CONNECTION_UPDATE_SECRET ->
                    new Method.ConnectionUpdateSecret(in.longString(), in.shortString());
            default -> throw unknown(id);
        };
    }

    private static Method channel(int id, Arguments in) throws FieldTableException, AmqpException {
        return switch (id) {
            case MethodId.CHANNEL_OPEN -> new Method.ChannelOpen();
            case MethodId.CHANNEL_FLOW -> new Method.ChannelFlow(bit(in.octet(), 0));
            case MethodId.CHANNEL_FLOW_OK -> new Method.ChannelFlowOk(bit(in.octet(), 0));
            case MethodId.CHANNEL_CLOSE -> new Method.ChannelClose(in.uint16(), in.shortString());
            case MethodId.CHANNEL_CLOSE_OK -> new Method.ChannelCloseOk();
            case MethodId.ACCESS_REQUEST -> new Method.AccessRequest();
            default -> throw unknown(id);
        };
    }

    private static Method exchange(int id, Arguments in) throws FieldTableException, AmqpException {
        in.reserved();
        switch (id) {
            case MethodId.EXCHANGE_DECLARE -> {
                String exchange = in.shortString();
                String type = in.shortString();
                int bits = in.octet();
                return new Method.ExchangeDeclare(
                        exchange,
                        type,
                        bit(bits, 0),
                        bit(bits, 1),
                        bit(bits, 2),
                        bit(bits, 3),
                        bit(bits, 4),
                        in.table());
            }
            case MethodId.EXCHANGE_DELETE -> {
                String exchange = in.shortString();
                int bits = in.octet();
                return new Method.ExchangeDelete(exchange, bit(bits, 0), bit(bits, 1));
            }
            case MethodId.EXCHANGE_BIND, MethodId.EXCHANGE_UNBIND -> {
                String destination = in.shortString();
                String source = in.shortString();
                String key = in.shortString();
                boolean noWait = bit(in.octet(), 0);
                FieldTable arguments = in.table();
                return id == MethodId.EXCHANGE_BIND
                        ? new Method.ExchangeBind(destination, source, key, noWait, arguments)
                        : new Method.ExchangeUnbind(destination, source, key, noWait, arguments);
            }
            default -> throw unknown(id);
        }
    }

    private static Method queue(int id, Arguments in) throws FieldTableException, AmqpException {
        in.reserved();
        switch (id) {
            case MethodId.QUEUE_DECLARE -> {
                String queue = in.shortString();
                int bits = in.octet();
                return new Method.QueueDeclare(
                        queue,
                        bit(bits, 0),
                        bit(bits, 1),
                        bit(bits, 2),
                        bit(bits, 3),
                        bit(bits, 4),
                        in.table());
            }
            case MethodId.QUEUE_BIND -> {
                return new Method.QueueBind(
                        in.shortString(),
                        in.shortString(),
                        in.shortString(),
                        bit(in.octet(), 0),
                        in.table());
            }
            case MethodId.QUEUE_UNBIND -> {
                return new Method.QueueUnbind(
                        in.shortString(), in.shortString(), in.shortString(), in.table());
            }
            case MethodId.QUEUE_PURGE -> {
                return new Method.QueuePurge(in.shortString(), bit(in.octet(), 0));
            }
            case MethodId.QUEUE_DELETE -> {
                String queue = in.shortString();
                int bits = in.octet();
                return new Method.QueueDelete(queue, bit(bits, 0), bit(bits, 1), bit(bits, 2));
            }
            default -> throw unknown(id);
        }
    }

    private static AmqpException unknown(int id) {
        return new AmqpException(
                ReplyCode.COMMAND_INVALID,
                "unknown method %s.%s".formatted(MethodId.classOf(id), MethodId.methodOf(id)));
    }

    private static boolean bit(int bits, int number) {
        return (bits & (1 << number)) != 0;
    }

    /// Reads arguments one after the other.
    private record Arguments(ByteBuffer source) {

        void reserved() throws FieldTableException {
            uint16();
        }

        int octet() throws FieldTableException {
            return need(1).get() & 0xff;
        }

        int uint16() throws FieldTableException {
            return need(2).getShort() & 0xffff;
        }

        long uint32() throws FieldTableException {
            return Integer.toUnsignedLong(need(4).getInt());
        }

        long longLong() throws FieldTableException {
            return need(8).getLong();
        }

        String shortString() throws FieldTableException {
            return decodeShortString(source);
        }

        byte[] longString() throws FieldTableException {
            return decodeLongString(source);
        }

        FieldTable table() throws FieldTableException {
            return FieldTableCodec.decode(source);
        }

        private ByteBuffer need(int bytes) throws FieldTableException {
            if (source.remaining() < bytes) {
                throw new FieldTableException(
                        "an argument needs %s bytes, %s are there"
                                .formatted(bytes, source.remaining()));
            }
            return source;
        }
    }
}
