package io.mainstay.messaging.message;

import java.math.BigDecimal;
import java.util.List;

/// Types of values in field tables as RabbitMQ's errors name them, which clients and their tests read.
public final class FieldTypes {

    private FieldTypes() {}

    /// @param value of a [FieldTable]
    public static String name(Object value) {
        return switch (value) {
            case Boolean flag -> "bool";
            case Byte number -> "byte";
            case Short number -> "short";
            case Integer number -> "signedint";
            case Long number -> "long";
            case FieldValue.UnsignedByte number -> "unsignedbyte";
            case FieldValue.UnsignedShort number -> "unsignedshort";
            case FieldValue.UnsignedInt number -> "unsignedint";
            case Float number -> "float";
            case Double number -> "double";
            case BigDecimal number -> "decimal";
            case String text -> "longstr";
            case FieldValue.Bytes bytes -> "binary";
            case FieldValue.Timestamp time -> "timestamp";
            case List<?> list -> "array";
            case FieldTable table -> "table";
            case FieldValue.Void nothing -> "void";
            default -> value.getClass().getSimpleName();
        };
    }
}
