package io.mainstay.head.amqp;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.mainstay.head.amqp.wire.AmqpException;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.TreeMap;

/// The book of unsettled deliveries against a sorted map.
class UnackedBookTest {

    private final UnackedBook book = new UnackedBook();
    private final TreeMap<Long, Long> model = new TreeMap<>();
    private final TreeMap<Long, Long> held = new TreeMap<>();
    private long nextTag = 1;

    private List<Long> take(long tag, boolean multiple) throws AmqpException {
        List<Long> tags = new ArrayList<>();
        book.take(
                tag,
                multiple,
                (taken, source, sequence) -> {
                    assertThat(source).isEqualTo("s" + taken);
                    assertThat(sequence).isEqualTo(1000 + taken);
                    tags.add(taken);
                });
        return tags;
    }

    @ParameterizedTest
    @ValueSource(longs = {1, 2, 3, 4, 5, 6, 7, 8})
    void holdsWhatWasAddedAndNotTaken(long seed) throws Exception {
        Random random = new Random(seed);
        int most = 1 << random.nextInt(12);
        for (int step = 0; step < 20_000; step++) {
            switch (random.nextInt(10)) {
                case 0 -> assertThat(book.skip()).isEqualTo(nextTag++);
                case 1, 2, 3, 4 -> {
                    if (model.size() < most) {
                        add();
                    }
                }
                case 5 -> takeOne(random);
                case 6, 7 -> takeNext(random);
                case 8 -> {
                    if (random.nextInt(20) == 0) {
                        takeMany(random);
                    }
                }
                default -> {
                    if (random.nextInt(20) == 0) {
                        restore(random);
                    }
                }
            }
            assertThat(book.count()).isEqualTo(model.size());
        }
        assertThat(take(0, true)).containsExactlyElementsOf(model.keySet());
        assertThat(book.count()).isZero();
    }

    private void add() {
        assertThat(book.add("s" + nextTag, 1000 + nextTag)).isEqualTo(nextTag);
        model.put(nextTag, 1000 + nextTag);
        nextTag++;
    }

    /// Any tag, also one that is not out.
    private void takeOne(Random random) throws AmqpException {
        long tag = random.nextLong(nextTag + 2);
        if (model.containsKey(tag)) {
            assertThat(take(tag, false)).containsExactly(tag);
            keep(tag, random);
        } else {
            assertThatThrownBy(() -> take(tag, false))
                    .isInstanceOf(AmqpException.class)
                    .hasMessageContaining("unknown delivery tag " + tag);
        }
    }

    private void takeNext(Random random) throws AmqpException {
        Map.Entry<Long, Long> first = model.firstEntry();
        if (first != null) {
            assertThat(take(first.getKey(), false)).containsExactly(first.getKey());
            keep(first.getKey(), random);
        }
    }

    private void takeMany(Random random) throws AmqpException {
        Long upTo = model.floorKey(random.nextLong(nextTag));
        if (upTo != null) {
            List<Long> expected = List.copyOf(model.headMap(upTo, true).keySet());
            assertThat(take(upTo, true)).isEqualTo(expected);
            expected.forEach(tag -> keep(tag, random));
        }
    }

    /// It may be one of a transaction.
    private void keep(long tag, Random random) {
        long sequence = model.remove(tag);
        if (random.nextInt(3) == 0) {
            held.put(tag, sequence);
        }
    }

    private void restore(Random random) {
        boolean latestFirst = random.nextInt(4) > 0;
        (latestFirst ? held.descendingMap() : held)
                .forEach((tag, sequence) -> book.restore(tag, "s" + tag, sequence));
        model.putAll(held);
        held.clear();
    }

    /// A consumer may think about one delivery for half an hour while others on its channel settle thousands a second.
    @Test
    void whatIsKeptForLongTakesNoRoomForTheOthers() throws Exception {
        add();
        long before = allocated();
        for (int i = 0; i < 5_000_000; i++) {
            long tag = book.add("s", i);
            book.take(tag, false, (taken, source, sequence) -> {});
        }
        assertThat(allocated() - before).isLessThan(10 << 20);
        assertThat(take(1, false)).containsExactly(1L);
    }

    private static long allocated() {
        return ((com.sun.management.ThreadMXBean)
                        java.lang.management.ManagementFactory.getThreadMXBean())
                .getCurrentThreadAllocatedBytes();
    }
}
