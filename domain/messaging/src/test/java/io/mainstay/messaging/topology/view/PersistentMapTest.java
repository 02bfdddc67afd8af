package io.mainstay.messaging.topology.view;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.fail;

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

    @Test
    void differencesAreWhatChangedBetweenTwoOfThem() {
        for (int seed = 0; seed < 30; seed++) {
            Random random = new Random(seed);
            PersistentMap<Key, Integer> map = PersistentMap.empty();
            for (int i = 0; i < 500; i++) {
                map = map.with(Key.of(random.nextInt(300)), i);
            }
            for (int round = 0; round < 20; round++) {
                PersistentMap<Key, Integer> before = map;
                for (int i = random.nextInt(round < 10 ? 3 : 200); i > 0; i--) {
                    Key key = Key.of(random.nextInt(300));
                    map = random.nextBoolean() ? map.with(key, random.nextInt()) : map.without(key);
                }
                List<Integer> replayed = new ArrayList<>(before.values());
                map.differences(before, gone -> replayed.remove(gone), replayed::add);
                assertThat(replayed).containsExactlyInAnyOrderElementsOf(map.values());
            }
            map.differences(map, gone -> fail("gone"), come -> fail("come"));
        }
    }

    /// What has not changed is not looked at.
    @Test
    void differencesOfAFewTakeAFewSteps() {
        PersistentMap<Key, Integer> map = PersistentMap.empty();
        for (int i = 0; i < 20_000; i++) {
            map = map.with(Key.of(3 * i + 1), i);
        }
        List<Integer> told = new ArrayList<>();
        map.with(Key.of(7), -1).differences(map, told::add, told::add);
        assertThat(told).contains(2, -1).hasSizeLessThan(100);
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
