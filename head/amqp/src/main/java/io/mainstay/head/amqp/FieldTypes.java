package io.mainstay.head.amqp;

import io.mainstay.messaging.message.FieldTable;
import io.mainstay.messaging.message.FieldValue;

import java.util.List;

/// Types of values in field tables as RabbitMQ's errors name them.
final class FieldTypes {

    private FieldTypes() {}

    static String name(Object value) {
        return switch (value) {
            case Boolean flag -> "bool";
            case Byte number -> "byte";
            case Short number -> "short";
            case Integer number -> "signedint";
            case Long number -> "long";
            case Float number -> "float";
            case Double number -> "double";
            case String text -> "longstr";
            case FieldValue.Timestamp time -> "timestamp";
            case FieldValue.Void nothing -> "void";
            case List<?> list -> "array";
            case FieldTable table -> "table";
            default -> "binary";
        };
    }
}
