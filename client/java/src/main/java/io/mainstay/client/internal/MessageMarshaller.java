package io.mainstay.client.internal;

import com.google.protobuf.InvalidProtocolBufferException;
import com.google.protobuf.MessageLite;
import com.google.protobuf.Parser;

import io.grpc.MethodDescriptor.Marshaller;
import io.grpc.Status;

import java.io.ByteArrayInputStream;
import java.io.InputStream;

/// Messages of protobuf for grpc-java. Its own is not used: it would bring an application's protobuf in.
final class MessageMarshaller<T extends MessageLite> implements Marshaller<T> {

    private final Parser<T> parser;

    MessageMarshaller(Parser<T> parser) {
        this.parser = parser;
    }

    @Override
    public InputStream stream(T value) {
        return new ByteArrayInputStream(value.toByteArray());
    }

    @Override
    public T parse(InputStream stream) {
        try {
            return parser.parseFrom(stream);
        } catch (InvalidProtocolBufferException e) {
            throw Status.INTERNAL
                    .withDescription("The node sent what is no frame.")
                    .withCause(e)
                    .asRuntimeException();
        }
    }
}
