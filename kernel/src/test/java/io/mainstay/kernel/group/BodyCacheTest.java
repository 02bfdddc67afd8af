package io.mainstay.kernel.group;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.List;

class BodyCacheTest {

    private static final int BYTES = 1_000;
    private static final int WITH_OVERHEAD = 1_256;

    private final BodyCache cache = new BodyCache(10 * WITH_OVERHEAD, 4);
    private final List<BodyExtent> all = new ArrayList<>();

    private void keep(int count) {
        for (int i = 0; i < count; i++) {
            long start = (long) all.size() * BYTES;
            BodyExtent.Batch batch =
                    new BodyExtent.Batch(
                            start, BYTES, ByteBuffer.allocate(BYTES), new int[] {0, 0});
            all.add(
                    new BodyExtent(
                            start, start + BYTES, start + 2 * BYTES, BYTES, all.size(), batch));
            cache.keep(all.getLast());
        }
    }

    private List<Integer> kept() {
        List<Integer> kept = new ArrayList<>();
        for (int i = 0; i < all.size(); i++) {
            if (!all.get(i).isForgotten()) {
                kept.add(i);
            }
        }
        return kept;
    }

    @Test
    void theOldestMakesRoom() {
        keep(13);
        assertThat(kept()).containsExactly(3, 4, 5, 6, 7, 8, 9, 10, 11, 12);
        assertThat(all.get(2).cached(2_500, 10)).isNull();
        assertThat(all.get(3).cached(3_500, 10)).isNotNull();
    }

    @Test
    void whatIsLetGoMakesRoomForOthers() {
        keep(10);
        for (int i = 0; i < 6; i++) {
            cache.letGo(all.get(i));
            cache.letGo(all.get(i));
        }
        keep(6);
        assertThat(kept()).containsExactly(6, 7, 8, 9, 10, 11, 12, 13, 14, 15);
        keep(1);
        assertThat(kept()).hasSize(10).doesNotContain(6);
    }

    @Test
    void whatIsLetGoBehindAnOldOneIsForgottenToo() {
        keep(1);
        for (int i = 0; i < 100; i++) {
            keep(1);
            cache.letGo(all.getLast());
        }
        // A place takes some bytes until the one in front of it is gone.
        assertThat(kept()).isEmpty();
        keep(10);
        assertThat(kept()).hasSize(10);
    }
}
