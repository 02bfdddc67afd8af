package io.mainstay.messaging.message;

import org.jspecify.annotations.Nullable;

import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.Map;

/// AMQP's field table: names with typed values in the order in which they were sent. Immutable.
///
/// Values are `Boolean` (t), `Byte` (b), [FieldValue.UnsignedByte] (B), `Short` (s), [FieldValue.UnsignedShort] (u), `Integer` (I), [FieldValue.UnsignedInt] (i),
/// `Long` (l, L), `Float` (f), `Double` (d), `java.math.BigDecimal` (D), `String` (S), [FieldValue.Bytes] (x), [FieldValue.Timestamp] (T), `java.util.List` (A), `FieldTable` (F) and
/// [FieldValue.Void] (V).
public record FieldTable(Map<String, Object> values) {

    public static final FieldTable EMPTY = new FieldTable(Map.of());

    public FieldTable {
        values = Collections.unmodifiableMap(new LinkedHashMap<>(values));
    }

    public @Nullable Object get(String name) {
        return values.get(name);
    }

    public boolean isEmpty() {
        return values.isEmpty();
    }

    /// The same table with one value more, or another one.
    public FieldTable with(String name, Object value) {
        Map<String, Object> more = new LinkedHashMap<>(values);
        more.put(name, value);
        return new FieldTable(more);
    }

    public FieldTable without(String name) {
        Map<String, Object> less = new LinkedHashMap<>(values);
        less.remove(name);
        return new FieldTable(less);
    }
}
