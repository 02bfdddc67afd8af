package io.mainstay.messaging.queue.dispatch;

import io.mainstay.messaging.message.FieldTable;
import io.mainstay.messaging.message.FieldValue;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/// The header `x-death` and its companions, as RabbitMQ writes them: one table for each queue and reason, the latest first, with a count.
final class Deaths {

    private static final String X_DEATH = "x-death";

    private Deaths() {}

    /// @param expiration what the message's own property said, empty if nothing
    record Death(
            String queue,
            DeadReason reason,
            String exchange,
            List<String> routingKeys,
            String expiration,
            long timeMs) {}

    /// The headers of a message that dies once more.
    static FieldTable with(FieldTable headers, Death death) {
        Map<String, Object> all = new LinkedHashMap<>(headers.values());
        List<FieldTable> before = deaths(headers);
        List<Object> after = new ArrayList<>();
        long count = 1;
        for (FieldTable one : before) {
            if (death.queue.equals(one.get("queue"))
                    && death.reason.word.equals(one.get("reason"))) {
                count = one.get("count") instanceof Number number ? number.longValue() + 1 : 2;
            } else {
                after.add(one);
            }
        }
        after.addFirst(table(death, count));
        all.put(X_DEATH, after);
        all.putIfAbsent("x-first-death-reason", death.reason.word);
        all.putIfAbsent("x-first-death-queue", death.queue);
        all.putIfAbsent("x-first-death-exchange", death.exchange);
        all.put("x-last-death-reason", death.reason.word);
        all.put("x-last-death-queue", death.queue);
        all.put("x-last-death-exchange", death.exchange);
        return new FieldTable(all);
    }

    private static FieldTable table(Death death, long count) {
        Map<String, Object> table = new LinkedHashMap<>();
        table.put("count", count);
        table.put("reason", death.reason.word);
        table.put("queue", death.queue);
        table.put("time", new FieldValue.Timestamp(death.timeMs / 1000));
        table.put("exchange", death.exchange);
        table.put("routing-keys", List.copyOf(death.routingKeys));
        if (!death.expiration.isEmpty()) {
            table.put("original-expiration", death.expiration);
        }
        return new FieldTable(table);
    }

    /// Whether the message came from `queue` before and nobody rejected it since: it would go round for ever.
    static boolean isCycle(FieldTable headers, String queue) {
        for (FieldTable death : deaths(headers)) {
            if (DeadReason.REJECTED.word.equals(death.get("reason"))) {
                return false;
            }
            if (queue.equals(death.get("queue"))) {
                return true;
            }
        }
        return false;
    }

    private static List<FieldTable> deaths(FieldTable headers) {
        List<FieldTable> found = new ArrayList<>();
        if (headers.get(X_DEATH) instanceof List<?> list) {
            for (Object one : list) {
                // One without a count is no broker's of today: RabbitMQ 3.5 wrote them, one for
                // each death, and clients may still send them.
                if (one instanceof FieldTable table && table.get("count") instanceof Number) {
                    found.add(table);
                }
            }
        }
        return found;
    }

    /// Routing keys that a message names beside its own.
    static List<String> carbonCopies(FieldTable headers, String name) {
        List<String> keys = new ArrayList<>();
        if (headers.get(name) instanceof List<?> list) {
            for (Object key : list) {
                if (key instanceof String text) {
                    keys.add(text);
                }
            }
        }
        return keys;
    }
}
