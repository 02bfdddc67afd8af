package io.mainstay.registry.command;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import org.junit.jupiter.api.Test;

import java.util.ArrayList;
import java.util.List;
import java.util.SortedMap;
import java.util.SplittableRandom;
import java.util.TreeMap;

class CompactMapTest {

    @Test
    void itIsATreeMapWhateverTheOrderOfWhatItIsMadeFrom() {
        SplittableRandom random = new SplittableRandom(7);
        for (int round = 0; round < 500; round++) {
            TreeMap<String, String> model = new TreeMap<>();
            List<String> texts = new ArrayList<>();
            for (int i = random.nextInt(12); i > 0; i--) {
                String key = "k" + random.nextInt(10);
                model.put(key, "v" + i);
                texts.add(key);
                texts.add("v" + i);
            }
            SortedMap<String, String> map = CompactMap.of(texts.toArray(String[]::new));
            String probe = "k" + random.nextInt(10);
            String other = probe + "x" + random.nextInt(3);
            assertThat(map).isEqualTo(model).hasSameHashCodeAs(model);
            assertThat(model).isEqualTo(map);
            assertThat(List.copyOf(map.entrySet())).isEqualTo(List.copyOf(model.entrySet()));
            assertThat(map.get(probe)).isEqualTo(model.get(probe));
            assertThat(map.containsKey(other)).isFalse();
            assertThat(map.headMap(probe)).isEqualTo(model.headMap(probe));
            assertThat(map.tailMap(probe)).isEqualTo(model.tailMap(probe));
            assertThat(map.subMap(probe, other)).isEqualTo(model.subMap(probe, other));
            if (!model.isEmpty()) {
                assertThat(map.firstKey()).isEqualTo(model.firstKey());
                assertThat(map.lastKey()).isEqualTo(model.lastKey());
            }
        }
    }

    @Test
    void itCannotBeChanged() {
        SortedMap<String, String> map = CompactMap.of(new String[] {"a", "1"});
        assertThatThrownBy(() -> map.put("b", "2"))
                .isInstanceOf(UnsupportedOperationException.class);
        assertThatThrownBy(() -> map.entrySet().iterator().next().setValue("2"))
                .isInstanceOf(UnsupportedOperationException.class);
    }
}
