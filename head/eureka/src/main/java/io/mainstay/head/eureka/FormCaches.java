package io.mainstay.head.eureka;

import io.mainstay.common.Check;
import io.mainstay.platform.Clock;

import java.util.EnumMap;
import java.util.Map;
import java.util.concurrent.atomic.AtomicLong;

/// The caches of all forms. A form that nobody has read for a minute holds nothing.
final class FormCaches {

    private static final long UNREAD_NANOS = 60_000_000_000L;

    private static final class Slot {
        private final FormCache cache;
        private final AtomicLong lastReadNanos = new AtomicLong();

        Slot(Form form) {
            this.cache = new FormCache(form);
        }
    }

    private final Clock clock;
    private final Map<Form, Slot> slots = new EnumMap<>(Form.class);

    FormCaches(Clock clock) {
        this.clock = clock;
        for (Form form : Form.values()) {
            slots.put(form, new Slot(form));
        }
    }

    FormCache of(Form form) {
        Slot slot = Check.present(slots.get(form), "no slot for the form %s", form);
        slot.lastReadNanos.set(clock.nanoTime());
        return slot.cache;
    }

    /// Called now and then.
    void dropUnread() {
        long now = clock.nanoTime();
        for (Slot slot : slots.values()) {
            if (now - slot.lastReadNanos.get() > UNREAD_NANOS) {
                slot.cache.clear();
            }
        }
    }
}
