package io.mainstay.head.eureka;

import io.mainstay.registry.api.ChangeOutcome;
import io.mainstay.registry.api.InstanceKey;
import io.mainstay.registry.api.Registration;
import io.mainstay.registry.api.Registry;

import java.util.List;
import java.util.function.Consumer;

/// The registry as peers change it: nothing goes back to them, and what is overtaken is not told any more.
final class InwardRegistry extends ForwardingRegistry {

    private final List<PeerOutbox> outboxes;

    InwardRegistry(Registry registry, List<PeerOutbox> outboxes) {
        super(registry);
        this.outboxes = outboxes;
    }

    @Override
    public void register(Registration registration, Consumer<ChangeOutcome> done) {
        outboxes.forEach(outbox -> outbox.registeredThere(registration.key()));
        super.register(registration, done);
    }

    @Override
    public void cancel(InstanceKey key, Consumer<ChangeOutcome> done) {
        outboxes.forEach(outbox -> outbox.goneThere(key));
        super.cancel(key, done);
    }
}
