package io.mainstay.head.amqp;

import io.mainstay.head.amqp.wire.AmqpException;
import io.mainstay.head.amqp.wire.FrameType;
import io.mainstay.head.amqp.wire.Method;
import io.mainstay.head.amqp.wire.Method.BasicPublish;
import io.mainstay.head.amqp.wire.MethodDecoder;
import io.mainstay.head.amqp.wire.MethodId;
import io.mainstay.head.amqp.wire.ReplyCode;
import io.mainstay.messaging.message.FieldTableException;
import io.mainstay.messaging.message.MessageProperties;
import io.netty.buffer.ByteBuf;

import org.jspecify.annotations.Nullable;

/// Frames of one channel to commands: a method alone, or a publish with its content header and body. Event loop only.
///
/// What is half here holds room of its connection: see [HalfMessages].
final class ContentAssembler {

    private static final int CLASS_BASIC = 60;

    /// Class, weight and body size, in front of the properties.
    private static final int HEADER_BYTES = 12;

    private final int messageMaxBytes;
    private final HalfMessages half;
    private @Nullable BasicPublish publish;
    private @Nullable Content content;
    private int held;

    ContentAssembler(int messageMaxBytes, HalfMessages half) {
        this.messageMaxBytes = messageMaxBytes;
        this.half = half;
    }

    /// @param payload not kept, but for slices that are retained
    /// @return the command that is whole now, or `null` if more must come
    /// @throws AmqpException 505 if the frame is not what must come next, 406 if the message is too large
    @Nullable Command frame(int type, ByteBuf payload) throws AmqpException {
        return switch (type) {
            case FrameType.METHOD -> method(payload);
            case FrameType.HEADER -> header(payload);
            default -> body(payload);
        };
    }

    private @Nullable Command method(ByteBuf payload) throws AmqpException {
        if (content != null) {
            throw unexpected("expected content body, got non content body frame instead");
        }
        if (publish != null) {
            throw unexpected(
                    "expected content header for class 60, got non content header frame instead");
        }
        var bytes = payload.nioBuffer();
        int id = MethodDecoder.id(bytes);
        Method method = MethodDecoder.decode(bytes);
        if (method instanceof BasicPublish began) {
            publish = began;
            return null;
        }
        return new Command(id, method, null, payload.readableBytes());
    }

    private @Nullable Command header(ByteBuf payload) throws AmqpException {
        BasicPublish began = publish;
        if (began == null || content != null) {
            throw unexpected(
                    content == null
                            ? "expected method frame, got content header frame instead"
                            : "expected content body, got non content body frame instead");
        }
        if (payload.readableBytes() < HEADER_BYTES) {
            throw new AmqpException(
                    ReplyCode.SYNTAX_ERROR,
                    "a content header has %s bytes, at least %s are needed"
                            .formatted(payload.readableBytes(), HEADER_BYTES));
        }
        int at = payload.readerIndex();
        int classId = payload.getUnsignedShort(at);
        if (classId != CLASS_BASIC) {
            throw unexpected(
                    "expected content header for class 60, got one for class %s instead"
                            .formatted(classId));
        }
        long size = payload.getLong(at + 4);
        if (size < 0 || size > messageMaxBytes) {
            throw new AmqpException(
                    ReplyCode.PRECONDITION_FAILED,
                    "message size %s is larger than configured max size %s"
                            .formatted(Long.toUnsignedString(size), messageMaxBytes));
        }
        ByteBuf head =
                payload.retainedSlice(at + HEADER_BYTES, payload.readableBytes() - HEADER_BYTES);
        try {
            content = new Content(began, MessageProperties.of(head.nioBuffer()), head, (int) size);
        } catch (FieldTableException unreadable) {
            head.release();
            throw new AmqpException(
                    ReplyCode.SYNTAX_ERROR, "content header: " + unreadable.getMessage());
        }
        if (size == 0) {
            return whole(content);
        }
        hold(head.readableBytes());
        return null;
    }

    private @Nullable Command body(ByteBuf payload) throws AmqpException {
        Content begun = content;
        if (begun == null) {
            throw unexpected(
                    publish == null
                            ? "expected method frame, got content body frame instead"
                            : "expected content header for class 60, got non content header frame instead");
        }
        int bytes = payload.readableBytes();
        if (bytes > begun.missing()) {
            throw unexpected(
                    "a content body has %s bytes more than its header says"
                            .formatted(bytes - begun.missing()));
        }
        if (bytes < begun.missing()) {
            hold(bytes);
        }
        begun.add(payload);
        return begun.missing() == 0 ? whole(begun) : null;
    }

    private void hold(int bytes) throws AmqpException {
        half.take(bytes);
        held += bytes;
    }

    private Command whole(Content done) {
        content = null;
        publish = null;
        half.giveBack(held);
        held = 0;
        return new Command(MethodId.BASIC_PUBLISH, done.publish(), done, done.heldBytes());
    }

    /// Forgets what is half here.
    void release() {
        if (content != null) {
            content.release();
        }
        content = null;
        publish = null;
        half.giveBack(held);
        held = 0;
    }

    private static AmqpException unexpected(String sentence) {
        return new AmqpException(ReplyCode.UNEXPECTED_FRAME, sentence);
    }
}
