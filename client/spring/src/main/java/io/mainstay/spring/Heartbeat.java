package io.mainstay.spring;

import org.springframework.cloud.client.discovery.event.HeartbeatEvent;
import org.springframework.context.ApplicationContext;
import org.springframework.context.ApplicationListener;
import org.springframework.context.event.ContextRefreshedEvent;

import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicLong;

/// Tells Spring Cloud that what it may have kept is out of date, with the event that its parts (the gateway's route locator,
/// for example) know from other registries. Changes that come while listeners are still busy become one event. A change may come
/// before all listeners of an application that starts are there, so there is an event after its start in any case.
final class Heartbeat implements Runnable, ApplicationListener<ContextRefreshedEvent> {
    private final ApplicationContext context;
    private final Background background;
    private final AtomicLong count = new AtomicLong();
    private final AtomicBoolean pending = new AtomicBoolean();

    Heartbeat(ApplicationContext context, Background background) {
        this.context = context;
        this.background = background;
    }

    /// Returns at once: listeners may ask for instances, and so wait for the very thread that tells of changes.
    @Override
    public void run() {
        if (pending.compareAndSet(false, true)) {
            background.soon("a listener to changes of the registry", this::publish);
        }
    }

    @Override
    public void onApplicationEvent(ContextRefreshedEvent refreshed) {
        run();
    }

    private void publish() {
        pending.set(false);
        context.publishEvent(new HeartbeatEvent(context, count.incrementAndGet()));
    }
}
