package io.mainstay.registry.view;

import static org.assertj.core.api.Assertions.assertThat;

import io.mainstay.registry.Samples;
import io.mainstay.registry.api.InstanceKey;
import io.mainstay.registry.api.InstanceStatus;
import io.mainstay.registry.api.Lease;
import io.mainstay.registry.api.RegistryView;
import io.mainstay.registry.command.RegistryCommand.Cancel;
import io.mainstay.registry.command.RegistryCommand.Register;
import io.mainstay.registry.state.RegistryMachine;

import org.junit.jupiter.api.Test;

import java.util.ArrayList;
import java.util.List;

/// What is kept of a namespace, and until when.
class RegistryViewsTest {

    private static final long WINDOW_MS = 1_000;
    private static final InstanceKey BLUE = new InstanceKey("blue", "ORDER", "one");

    private final RegistryViews views = new RegistryViews(WINDOW_MS);
    private final RegistryMachine machine = new RegistryMachine(views);
    private long offset;

    private void register(InstanceKey key, long timeMs) {
        Lease lease = new Lease(1_000, 3_000);
        machine.apply(
                ++offset,
                timeMs,
                new Register(Samples.registration(key, InstanceStatus.UP, lease)));
        machine.publish(offset);
    }

    private void cancel(InstanceKey key, long timeMs) {
        machine.apply(++offset, timeMs, new Cancel(key));
        machine.publish(offset);
    }

    @Test
    void aNamespaceGoesWhenNothingIsLeftOfItAndItsSequenceNeverGoesBack() {
        assertThat(views.view("blue").sequence()).isEqualTo(1);
        register(BLUE, 0);
        cancel(BLUE, 10);
        views.prune(WINDOW_MS + 10);
        assertThat(views.isUsed("blue")).as("its end is told to those who read deltas").isTrue();

        long told = views.view("blue").sequence();
        views.prune(WINDOW_MS + 11);
        assertThat(views.isUsed("blue")).isFalse();
        assertThat(views.view("blue").sequence()).isGreaterThan(told);

        told = views.view("blue").sequence();
        register(BLUE, 5_000);
        assertThat(views.view("blue").sequence()).isGreaterThan(told);
        assertThat(views.view("blue").recent()).hasSize(1);
        assertThat(views.namespaces()).containsExactly("blue");
    }

    @Test
    void aNamespaceStaysWhileSomebodyListens() {
        List<RegistryView> seen = new ArrayList<>();
        try (var _ = views.subscribe("blue", seen::add)) {
            views.prune(10_000);
            register(BLUE, 10_000);
            assertThat(seen).hasSize(2);
            assertThat(seen.getLast().services()).containsOnlyKeys("ORDER");
        }
        cancel(BLUE, 10_000);
        views.prune(20_000);
        assertThat(views.isUsed("blue")).isFalse();
    }
}
