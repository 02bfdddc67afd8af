package io.mainstay.demo;

import io.mainstay.testkit.Conditions;
import io.mainstay.testkit.StockService;

import java.io.IOException;
import java.io.PrintStream;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.function.Supplier;

/// What happens in the demo, in this order: start, orders, one instance more, one drained, one killed, the
/// registry restarted.
final class Story implements AutoCloseable {
    static final int STEPS = 8;
    private static final String SCALED = "notification";
    private static final List<String> PARTS =
            List.of("order", "inventory", "payment", SCALED, SCALED);
    private static final int FIRST_ORDERS = 20;

    private final Progress progress;
    private final Report report;
    private final Registry registry;
    private final Shop shop;
    private final OrderLoad load;
    private final StockService spare;

    private Story(Progress progress, Report report, Registry registry, Shop shop) {
        this.progress = progress;
        this.report = report;
        this.registry = registry;
        this.shop = shop;
        this.spare = openShop();
        this.load = openDoors();
    }

    /// Starts the registry, the shop on it and the orders.
    static Story begin(
            Progress progress,
            Report report,
            Supplier<Registry> start,
            Clients clients,
            Path folder) {
        progress.step("starting the registry");
        double from = progress.seconds();
        Registry registry = start.get();
        progress.seen(
                "%s answers after %.1f s: %s"
                        .formatted(
                                registry.name(), progress.seconds() - from, registry.consoleUrl()));
        Shop shop = new Shop(clients, registry, folder);
        try {
            return new Story(progress, report, registry, shop);
        } catch (RuntimeException | Error e) {
            shop.close();
            registry.close();
            throw e;
        }
    }

    private StockService openShop() {
        progress.step(
                "starting order, inventory, payment and two notifications with "
                        + shop.clients().shown());
        double from = progress.seconds();
        List<StockService> services = PARTS.stream().map(shop::launch).toList();
        services.forEach(StockService::awaitStarted);
        for (StockService client : services) {
            awaitSeen(client, ids(services));
        }
        progress.seen("each sees all five after %.1f s".formatted(progress.seconds() - from));
        return services.getLast();
    }

    private OrderLoad openDoors() {
        progress.step("sending orders: order calls inventory, payment and notification by name");
        OrderLoad orders = new OrderLoad(shop.running().getFirst().url());
        Conditions.await(
                "the first orders", registry.patience(), () -> orders.done() >= FIRST_ORDERS);
        report.check(
                "the first orders went through",
                orders.failures(0, Long.MAX_VALUE).isEmpty(),
                orders.sent() + " sent, " + orders.done() + " done");
        return orders;
    }

    /// Tells the rest.
    void go() throws IOException, InterruptedException {
        StockService added = add();
        drain(added);
        kill(spare);
        restart();
        progress.step("counting");
        report.orders(load.sent(), load.done());
    }

    private StockService add() throws IOException, InterruptedException {
        progress.step("adding a third notification");
        long fromMs = System.currentTimeMillis();
        StockService added = shop.launch(SCALED);
        // The start of a JVM is nobody's delay: the clock runs from the registration.
        awaitRegistry(added, true);
        long registeredMs = System.currentTimeMillis();
        progress.seen("registered %d ms after its launch".formatted(registeredMs - fromMs));
        Map<String, Long> seen = new TreeMap<>();
        for (StockService client : others(added)) {
            seen.put(client.id(), awaitSighting(client, added, true, fromMs) - registeredMs);
        }
        changed("a new instance", 0, seen, fromMs, "18 s");
        noFailures("no order failed while an instance was added", fromMs);
        return added;
    }

    private void drain(StockService leaving) throws IOException, InterruptedException {
        progress.step("draining " + leaving.id() + ": out of service, then an ordinary end");
        long fromMs = System.currentTimeMillis();
        registry.overrideStatus(SCALED, leaving.id(), "OUT_OF_SERVICE");
        long registryMs = awaitRegistry(leaving, false) - fromMs;
        Map<String, Long> seen = new TreeMap<>();
        for (StockService client : others(leaving)) {
            seen.put(client.id(), awaitSighting(client, leaving, false, fromMs) - fromMs);
        }
        leaving.process().terminate();
        changed("an instance drained", registryMs, seen, fromMs, "30 s");
        noFailures("no order failed while an instance was drained and ended", fromMs);
    }

    private void kill(StockService victim) throws IOException, InterruptedException {
        progress.step("SIGKILL to " + victim.id() + ": " + shop.clients().death());
        long fromMs = System.currentTimeMillis();
        victim.process().kill();
        long registryMs = awaitRegistry(victim, false) - fromMs;
        Map<String, Long> seen = new TreeMap<>();
        for (StockService client : others(victim)) {
            seen.put(client.id(), awaitSighting(client, victim, false, fromMs) - fromMs);
        }
        long spreadMs = fromMs + seen.values().stream().mapToLong(Long::longValue).max().orElse(0);
        long orders = load.sent();
        Conditions.await("orders after it", registry.patience(), () -> load.sent() > orders + 5);
        changed("an instance killed", registryMs, seen, fromMs, "57 s, 488 orders failed");
        report.check(
                "no order failed once the clients had seen the dead instance go",
                load.failures(spreadMs, Long.MAX_VALUE).isEmpty(),
                load.failures(fromMs, spreadMs).size() + " failed before: nobody tried again");
    }

    private void restart() throws IOException, InterruptedException {
        progress.step("restarting the registry");
        Set<String> before = registered();
        long fromMs = System.currentTimeMillis();
        registry.restart();
        long backMs = System.currentTimeMillis() - fromMs;
        Set<String> first = registered();
        progress.seen("it answers after %d ms".formatted(backMs));
        report.check(
                "the restarted registry knew every instance in its first answer",
                first.equals(before),
                first.size() + " of " + before.size());
        // Two leases later every client has fetched again, and a lease that was lost would have
        // ended.
        long orders = load.sent();
        Conditions.await(
                "two leases to pass",
                registry.patience(),
                () -> System.currentTimeMillis() > fromMs + backMs + 6_000 && load.sent() > orders);
        Set<String> gone = new TreeSet<>();
        for (StockService client : shop.running()) {
            for (StockService.Sighting sighting : client.sightings()) {
                if (!sighting.present() && sighting.atMs() >= fromMs) {
                    gone.add(sighting.id() + " at " + client.id());
                }
            }
        }
        report.check("no client lost an instance because of it", gone.isEmpty(), gone.toString());
        report.check(
                "every lease was renewed after it",
                registered().equals(before),
                registered().size() + " of " + before.size());
        changed("the registry restarted", backMs, Map.of(), fromMs, "forgot all four, 109 failed");
        noFailures("no order failed while the registry was away", fromMs);
    }

    private void changed(
            String what, long registryMs, Map<String, Long> seen, long fromMs, String stock) {
        long failed = load.failures(fromMs, Long.MAX_VALUE).size();
        Change change = new Change(what, registryMs, seen, failed, stock);
        report.change(change);
        if (!seen.isEmpty()) {
            progress.seen(
                    "registry after %d ms, last client after %d ms"
                            .formatted(registryMs, change.slowestClientMs()));
        }
    }

    private void noFailures(String what, long fromMs) {
        List<OrderLoad.Failure> failures = load.failures(fromMs, Long.MAX_VALUE);
        report.check(
                what,
                failures.isEmpty(),
                failures.isEmpty()
                        ? "0 failed"
                        : failures.size() + " failed, first: " + failures.getFirst().why());
    }

    private long awaitRegistry(StockService service, boolean present) {
        Conditions.await(
                "the registry to " + (present ? "show " : "drop ") + service.id(),
                registry.patience(),
                () -> registry.up(SCALED).contains(service.id()) == present);
        return System.currentTimeMillis();
    }

    private long awaitSighting(
            StockService client, StockService service, boolean present, long fromMs) {
        return Conditions.value(
                client.id() + " to see " + service.id() + (present ? " come" : " go"),
                registry.patience(),
                () -> {
                    for (StockService.Sighting sighting : client.sightings()) {
                        if (sighting.atMs() >= fromMs
                                && sighting.present() == present
                                && sighting.id().equals(service.id())) {
                            return sighting.atMs();
                        }
                    }
                    return null;
                });
    }

    private void awaitSeen(StockService client, Set<String> ids) {
        Conditions.await(
                client.id() + " to see " + ids,
                registry.patience(),
                () -> client.sees().containsAll(ids));
    }

    private Set<String> registered() throws IOException, InterruptedException {
        Set<String> all = new TreeSet<>();
        for (String service : new TreeSet<>(PARTS)) {
            all.addAll(registry.up(service));
        }
        return all;
    }

    private List<StockService> others(StockService one) {
        return shop.running().stream().filter(service -> service != one).toList();
    }

    private static Set<String> ids(List<StockService> services) {
        Set<String> ids = new TreeSet<>();
        services.forEach(service -> ids.add(service.id()));
        return ids;
    }

    /// Where everything is, for somebody who wants to look around.
    void describe(PrintStream out) {
        out.printf(
                "%n%s: %s   clients: %s%n",
                registry.name(), registry.consoleUrl(), registry.eurekaUrl());
        for (StockService service : shop.running()) {
            out.printf(
                    "  %-22s %s/sightings   pid %d%n",
                    service.id(), service.url(), service.process().pid());
        }
        out.println("Orders go on. Ctrl-C ends everything.");
        out.flush();
    }

    @Override
    public void close() {
        load.close();
        shop.close();
        registry.close();
    }
}
