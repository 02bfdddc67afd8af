package io.mainstay.head.amqp;

import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;

/// A number that one event loop changes and anybody reads, a moment late.
final class Counter {

    private static final VarHandle VALUE;

    static {
        try {
            VALUE = MethodHandles.lookup().findVarHandle(Counter.class, "value", long.class);
        } catch (ReflectiveOperationException e) {
            throw new ExceptionInInitializerError(e);
        }
    }

    @SuppressWarnings("unused") // by VALUE
    private long value;

    void add(long more) {
        set(get() + more);
    }

    void set(long next) {
        VALUE.setOpaque(this, next);
    }

    long get() {
        return (long) VALUE.getOpaque(this);
    }
}
