package io.mainstay.head.grpc;

import io.grpc.KnownLength;
import io.grpc.MethodDescriptor;
import io.grpc.MethodDescriptor.Marshaller;
import io.grpc.MethodDescriptor.MethodType;
import io.grpc.protobuf.ProtoUtils;
import io.mainstay.registry.v1.ClientFrame;

import java.io.ByteArrayInputStream;
import java.io.InputStream;

/// `mainstay.registry.v1.Registry/Connect`. What goes out are bytes that were encoded once, perhaps for many streams.
final class RegistryMethod {

    static final String SERVICE = "mainstay.registry.v1.Registry";

    static final MethodDescriptor<ClientFrame, byte[]> CONNECT =
            MethodDescriptor.<ClientFrame, byte[]>newBuilder()
                    .setType(MethodType.BIDI_STREAMING)
                    .setFullMethodName(MethodDescriptor.generateFullMethodName(SERVICE, "Connect"))
                    .setRequestMarshaller(
                            ProtoUtils.marshallerWithRecursionLimit(
                                    ClientFrame.getDefaultInstance(), 16))
                    .setResponseMarshaller(new Encoded())
                    .build();

    private RegistryMethod() {}

    private static final class Encoded implements Marshaller<byte[]> {
        @Override
        public InputStream stream(byte[] value) {
            return new Bytes(value);
        }

        @Override
        public byte[] parse(InputStream stream) {
            throw new UnsupportedOperationException("a node sends these");
        }
    }

    private static final class Bytes extends ByteArrayInputStream implements KnownLength {
        Bytes(byte[] bytes) {
            super(bytes);
        }
    }
}
