package io.mainstay.head.eureka;

import io.mainstay.common.Check;
import io.mainstay.platform.Clock;

import java.util.Arrays;
import java.util.List;
import java.util.concurrent.atomic.AtomicLong;

/// The caches of all forms of one namespace. A form that nobody has read for a minute holds nothing.
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

    /// By the form's ordinal.
    private final List<Slot> slots;

    FormCaches(Clock clock) {
        this.clock = clock;
        this.slots = Arrays.stream(Form.values()).map(Slot::new).toList();
    }

    FormCache of(Form form) {
        Slot slot = Check.present(slots.get(form.ordinal()), "no slot for the form %s", form);
        slot.lastReadNanos.set(clock.nanoTime());
        return slot.cache;
    }

    /// Called now and then. True if nothing is left.
    boolean dropUnread() {
        long now = clock.nanoTime();
        boolean empty = true;
        for (Slot slot : slots) {
            if (now - slot.lastReadNanos.get() > UNREAD_NANOS) {
                slot.cache.clear();
            } else {
                empty = false;
            }
        }
        return empty;
    }
}
