package io.mainstay.messaging.topology.view;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;

class PersistentMapTest {

    /// Some keys share their hash.
    private record Key(int number, int hash) {
        static Key of(int number) {
            return new Key(number, number % 3 == 0 ? 7 : number * 0x9E3779B1);
        }

        @Override
        public int hashCode() {
            return hash;
        }
    }

    @Test
    void itSaysWhatAHashMapSaysAndEarlierOnesStayAsTheyWere() {
        for (int seed = 0; seed < 30; seed++) {
            Random random = new Random(seed);
            PersistentMap<Key, Integer> map = PersistentMap.empty();
            Map<Key, Integer> model = new HashMap<>();
            List<PersistentMap<Key, Integer>> earlier = new ArrayList<>();
            List<Map<Key, Integer>> earlierModels = new ArrayList<>();
            for (int i = 0; i < 1_000; i++) {
                Key key = Key.of(random.nextInt(150));
                if (random.nextInt(5) < 3) {
                    map = map.with(key, i);
                    model.put(key, i);
                } else {
                    map = map.without(key);
                    model.remove(key);
                }
                if (i % 100 == 0) {
                    earlier.add(map);
                    earlierModels.add(new HashMap<>(model));
                }
            }
            assertEqual(map, model);
            for (int i = 0; i < earlier.size(); i++) {
                assertEqual(earlier.get(i), earlierModels.get(i));
            }
        }
    }

    private static void assertEqual(PersistentMap<Key, Integer> map, Map<Key, Integer> model) {
        assertThat(map.size()).isEqualTo(model.size());
        Map<Key, Integer> copy = new HashMap<>();
        map.forEach(copy::put);
        assertThat(copy).isEqualTo(model);
        assertThat(map.values()).containsExactlyInAnyOrderElementsOf(model.values());
        assertThat(map.keys()).containsExactlyInAnyOrderElementsOf(model.keySet());
        for (int i = 0; i < 150; i++) {
            assertThat(map.get(Key.of(i))).isEqualTo(model.get(Key.of(i)));
        }
    }

    @Test
    void whatIsTakenOutLeavesNothingBehind() {
        PersistentMap<Integer, String> map = PersistentMap.empty();
        for (int i = 0; i < 10_000; i++) {
            map = map.with(i, "v");
        }
        for (int i = 0; i < 10_000; i++) {
            map = map.without(i);
        }
        assertThat(map).isSameAs(PersistentMap.empty());
        assertThat(map.without(1)).isSameAs(map);
    }
}
