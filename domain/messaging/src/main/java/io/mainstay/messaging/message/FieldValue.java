package io.mainstay.messaging.message;

import java.util.Arrays;

/// Values of a [FieldTable] that the JDK has no type for.
public sealed interface FieldValue {

    /// @param value 0 to 255
    record UnsignedByte(int value) implements FieldValue {}

    /// @param value 0 to 65,535
    record UnsignedShort(int value) implements FieldValue {}

    /// @param value 0 to 4,294,967,295
    record UnsignedInt(long value) implements FieldValue {}

    /// @param seconds Unix time
    record Timestamp(long seconds) implements FieldValue {}

    record Void() implements FieldValue {
        public static final Void VOID = new Void();
    }

    /// Bytes of a byte array or of a text that is not UTF-8.
    record Bytes(byte[] value) implements FieldValue {
        @Override
        public boolean equals(Object other) {
            return other instanceof Bytes(byte[] its) && Arrays.equals(value, its);
        }

        @Override
        public int hashCode() {
            return Arrays.hashCode(value);
        }
    }
}
