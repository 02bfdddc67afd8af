package io.mainstay.messaging.topology.view;

import static io.mainstay.messaging.topology.Machines.VHOST;
import static io.mainstay.messaging.topology.Machines.bind;
import static io.mainstay.messaging.topology.Machines.declare;

import static org.assertj.core.api.Assertions.assertThat;

import io.mainstay.messaging.api.TopologyChange.Unbind;
import io.mainstay.messaging.message.FieldTable;
import io.mainstay.messaging.topology.Machines;

import org.junit.jupiter.api.Test;

import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.TreeSet;

class TopicRoutingTest {

    private static final String[] PATTERN_WORDS = {"a", "b", "", "*", "#", "#"};
    private static final String[] KEY_WORDS = {"a", "b", "c", "", "*", "#"};

    private final Machines topology = new Machines();

    private boolean matches(String pattern, String key) {
        Machines one = new Machines();
        one.make(declare("q"));
        one.make(bind("amq.topic", "q", pattern));
        return !one.route("amq.topic", key).isEmpty();
    }

    /// The examples of AMQP 0-9-1, 3.1.3.3, and what they leave open, as RabbitMQ does it.
    @Test
    void aStarIsOneWordAndAHashAnyNumber() {
        assertThat(matches("*.stock.#", "usd.stock")).isTrue();
        assertThat(matches("*.stock.#", "eur.stock.db")).isTrue();
        assertThat(matches("*.stock.#", "stock.nasdaq")).isFalse();
        assertThat(matches("#", "")).isTrue();
        assertThat(matches("*", "")).isFalse();
        assertThat(matches("", "")).isTrue();
        assertThat(matches("a.#", "a")).isTrue();
        assertThat(matches("#.a", "a")).isTrue();
        assertThat(matches("a.*", "a.")).isTrue();
        assertThat(matches("a", "a.")).isFalse();
        assertThat(matches("a.b*", "a.bc")).isFalse();
        assertThat(matches("#.#.#", "a")).isTrue();
    }

    @Test
    void theTrieSaysWhatTheNaiveModelSays() {
        for (int seed = 0; seed < 40; seed++) {
            Random random = new Random(seed);
            Machines some = new Machines();
            List<String> patterns = new ArrayList<>();
            for (int i = 0; i < 25; i++) {
                String pattern = words(random, PATTERN_WORDS, 5);
                patterns.add(pattern);
                some.make(declare("q" + i));
                some.make(bind("amq.topic", "q" + i, pattern));
            }
            assertLikeModel(some, patterns, random);
            for (int i = 0; i < 25; i += 2) {
                some.make(
                        new Unbind(
                                VHOST,
                                "amq.topic",
                                "q" + i,
                                false,
                                patterns.get(i),
                                FieldTable.EMPTY));
                patterns.set(i, "nothing matches this");
            }
            assertLikeModel(some, patterns, random);
        }
    }

    private static void assertLikeModel(Machines some, List<String> patterns, Random random) {
        for (int i = 0; i < 200; i++) {
            String key = words(random, KEY_WORDS, 6);
            TreeSet<String> wanted = new TreeSet<>();
            for (int p = 0; p < patterns.size(); p++) {
                if (modelMatches(split(patterns.get(p)), split(key))) {
                    wanted.add("q" + p);
                }
            }
            assertThat(some.route("amq.topic", key))
                    .as("key '%s', patterns %s", key, patterns)
                    .containsExactlyElementsOf(wanted);
        }
    }

    private static String words(Random random, String[] from, int most) {
        List<String> words = new ArrayList<>();
        for (int left = random.nextInt(most + 1); left > 0; left--) {
            words.add(from[random.nextInt(from.length)]);
        }
        return String.join(".", words);
    }

    private static List<String> split(String key) {
        return key.isEmpty() ? List.of() : List.of(key.split("\\.", -1));
    }

    private static boolean modelMatches(List<String> pattern, List<String> key) {
        if (pattern.isEmpty()) {
            return key.isEmpty();
        }
        List<String> rest = pattern.subList(1, pattern.size());
        if (pattern.getFirst().equals("#")) {
            return modelMatches(rest, key)
                    || (!key.isEmpty() && modelMatches(pattern, key.subList(1, key.size())));
        }
        return !key.isEmpty()
                && (pattern.getFirst().equals("*") || pattern.getFirst().equals(key.getFirst()))
                && modelMatches(rest, key.subList(1, key.size()));
    }

    /// Walked back and forth this would take longer than anybody waits.
    @Test
    void manyHashesCostNoMoreThanWordsTimesNodes() {
        topology.make(declare("q"));
        topology.make(bind("amq.topic", "q", "#.a".repeat(1) + ".#.a".repeat(60) + ".b"));
        assertThat(topology.route("amq.topic", "a" + ".a".repeat(126))).isEmpty();
        assertThat(topology.route("amq.topic", "a" + ".a".repeat(120) + ".b")).containsExactly("q");
    }

    @Test
    void aTrieWithoutBindingsIsEmptyAgain() {
        topology.make(declare("q"));
        for (String pattern : List.of("a.b.c", "a.*", "#.x", "")) {
            topology.make(bind("amq.topic", "q", pattern));
        }
        for (String pattern : List.of("a.b.c", "a.*", "#.x", "")) {
            topology.make(new Unbind(VHOST, "amq.topic", "q", false, pattern, FieldTable.EMPTY));
        }
        assertThat(topology.route("amq.topic", "a.b.c")).isEmpty();
        assertThat(topology.vhost().bindings()).isEmpty();
    }
}
